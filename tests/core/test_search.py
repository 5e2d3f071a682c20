"""Names in any script are found by their beginnings, on both databases alike."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.core import search
from app.core.db import db
from app.invitees.models import Invitee


def person(*names: str) -> Invitee:
    invitee = Invitee(given_names=names[0], nationality="NP", search_text=search.search_text(*names))
    db.session.add(invitee)
    db.session.flush()
    return invitee


def found(query: str) -> list[int]:
    return list(db.session.scalars(search.matching(select(Invitee.id), Invitee, query)))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Nguyễn Thị  Ánh", "nguyen thi anh"),
        ("kyōto daigaku", "kyoto daigaku"),
        ("Ｋｙｏｔｏ　大学", "kyoto 大学"),
        ("Đỗ Đức", "do duc"),
        ("O'BRIEN-SMITH", "obrien smith"),
        ("ガクセイ", "ガクセイ"),
        ("अस्मिता श्रेष्ठ", "अस्मिता श्रेष्ठ"),
    ],
)
def test_fold_removes_what_people_do_not_type(text: str, folded: str) -> None:
    assert search.fold(text) == folded


@pytest.mark.parametrize(
    ("names", "query"),
    [
        (("NGUYEN THI HONG", "Nguyễn Thị Hồng"), "nguyen hong"),
        (("LI NA", "李娜"), "李"),
        (("LI NA", "李娜"), "李娜"),
        (("LI NA", "李娜"), "娜"),
        (("ASMITA SHRESTHA", "अस्मिता श्रेष्ठ"), "अस्मि"),
        (("KANOKWAN SRISAI", "กนกวรรณ ศรีใส"), "ศรี"),
        (("SUHARTINI",), "suhart"),
        (("100% O_K",), "o k"),
    ],
)
def test_matching_finds_a_person_by_the_beginning_of_any_name(app: Flask, names: tuple[str, ...], query: str) -> None:
    wanted = person(*names)
    person("SOMEBODY ELSE", "其他")
    assert found(query) == [wanted.id]


@pytest.mark.parametrize("query", ["", "   ", "%", '"', "*", "' OR 1=1", "AND", "guyen"])
def test_matching_finds_nobody_for_queries_that_name_nobody(app: Flask, query: str) -> None:
    person("NGUYEN THI HONG")
    assert found(query) == []


def test_matching_follows_a_change_of_name(app: Flask) -> None:
    changed = person("OLD NAME")
    changed.search_text = search.search_text("NEW NAME")
    db.session.flush()
    assert (found("old"), found("new")) == ([], [changed.id])
