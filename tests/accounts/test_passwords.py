"""Passwords: long instead of complicated, the same on every keyboard, nothing that is guessed first (contract 5.3)."""

import pytest
from flask import Flask

from app.accounts import passwords
from config import Production

GOOD = "brass otter climbs a ladder"


def test_password_is_kept_as_argon2id_with_the_parameters_of_the_contract(app: Flask) -> None:
    kept = passwords.hash_password(GOOD)
    assert kept.startswith("$argon2id$")
    assert f"m={app.config['ARGON2_MEMORY_KIB']},t=2,p=1" in kept


def test_production_uses_19_mib() -> None:
    assert Production.ARGON2_MEMORY_KIB == 19 * 1024


def test_right_password_opens_and_wrong_one_does_not(app: Flask) -> None:
    kept = passwords.hash_password(GOOD)
    assert passwords.verify(kept, GOOD)
    assert not passwords.verify(kept, GOOD + "s")


def test_full_width_and_composed_signs_are_the_same_password(app: Flask) -> None:
    kept = passwords.hash_password("café ladder ｏｔｔｅｒ brass")
    assert passwords.verify(kept, "cafe\u0301 ladder otter brass")


def test_unknown_person_costs_the_same_work_and_is_refused(app: Flask) -> None:
    assert passwords.verify(None, GOOD) is False
    assert passwords.verify(None, "no password of anybody") is False


def test_broken_hash_refuses_instead_of_failing(app: Flask) -> None:
    assert passwords.verify("not a hash", GOOD) is False


def test_hash_of_smaller_parameters_is_outdated(app: Flask) -> None:
    assert not passwords.is_outdated(passwords.hash_password(GOOD))
    assert passwords.is_outdated("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$YWJjZGVmZ2hpamtsbW5vcA")


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "correct horse battery staple",
        "pale green tea at seven",
        "xkvq rtzw mnbp lfhd",
        "雨の日に猫が屋根で静かに本を読む",
    ],
)
def test_long_unrelated_words_will_do(app: Flask, password: str) -> None:
    assert passwords.problems(password) == []


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "fourteen signs",
        "x" * 129,
        "aaaaaaaaaaaaaaaaaaaa",
        "sakura science 2026",
        "sakurasakurasakura",
        "123456789012345678",
        "qwertyuiopasdfghjkl",
        "password password 1",
        "JST Sakura Exchange Program",
        "さくらサイエンス科学交流さくらサイエンス",
        "abcabcabcabcabcabc",
    ],
)
def test_what_is_short_or_guessed_first_will_not_do(app: Flask, password: str) -> None:
    assert len(passwords.problems(password)) == 1


def test_own_name_and_address_do_not_count(app: Flask) -> None:
    assert passwords.problems("hanako.yamada 1998 kyoto", ["Hanako Yamada", "hanako.yamada@kyoto.example.jp"])
    assert not passwords.problems("hanako.yamada 1998 kyoto", ["Taro Suzuki", "taro@example.jp"])
