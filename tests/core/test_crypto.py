"""Sealed fields open only where they belong; indexes do not depend on typing habits; tokens leave no trace."""

import base64

import pytest
from flask import Flask

from app.core import crypto

WHERE = {"table": "invitee", "column": "passport_number", "row_public_id": "abcdefgh23456789"}


@pytest.fixture
def keys() -> dict[str, str]:
    return {"k1": crypto.new_key()}


@pytest.fixture
def keyed(keys: dict[str, str]):
    app = Flask(__name__)
    app.config.update(FIELD_KEYS=keys, BLIND_INDEX_KEY=crypto.new_key())
    crypto.init_app(app)
    with app.app_context():
        yield app


def test_sealed_value_opens_again_in_any_script(keyed: Flask) -> None:
    for value in ("TK1234567", "", "𠮷田 太郎", "สมชาย", "x" * 10_000):
        assert crypto.open_(crypto.seal(value, **WHERE), **WHERE) == value


def test_sealed_value_never_repeats_and_hides_the_value(keyed: Flask) -> None:
    sealed = {crypto.seal("TK1234567", **WHERE) for _ in range(200)}
    assert len(sealed) == 200
    assert not any("TK1234567" in text for text in sealed)
    assert all(text.startswith("v1.k1.") for text in sealed)


@pytest.mark.parametrize("moved", [{"table": "user"}, {"column": "phone"}, {"row_public_id": "zzzzzzzz23456789"}])
def test_sealed_value_moved_elsewhere_does_not_open(keyed: Flask, moved: dict[str, str]) -> None:
    sealed = crypto.seal("TK1234567", **WHERE)
    with pytest.raises(crypto.CryptoError, match="does not open"):
        crypto.open_(sealed, **{**WHERE, **moved})


def test_sealed_value_with_any_bit_changed_does_not_open(keyed: Flask) -> None:
    head, _, body = crypto.seal("TK1234567", **WHERE).rpartition(".")
    raw = base64.urlsafe_b64decode(body)
    for position in range(len(raw)):
        changed = bytearray(raw)
        changed[position] ^= 1
        with pytest.raises(crypto.CryptoError):
            crypto.open_(f"{head}.{base64.urlsafe_b64encode(bytes(changed)).decode()}", **WHERE)


@pytest.mark.parametrize("text", ["", "TK1234567", "v1.k1.", "v2.k1.AAAA", "v1.k1.!!!!", "v1.k9." + "A" * 64])
def test_text_that_was_never_sealed_is_refused_without_repeating_it(keyed: Flask, text: str) -> None:
    with pytest.raises(crypto.CryptoError) as refusal:
        crypto.open_(text, **WHERE)
    assert "TK1234567" not in str(refusal.value)


def test_rotation_old_values_open_and_new_ones_use_the_new_key(keys: dict[str, str]) -> None:
    old = crypto.KeyRing(keys)
    sealed = old.seal("TK1234567", **WHERE)
    rotated = crypto.KeyRing({"k2": crypto.new_key(), **keys})
    assert rotated.open_(sealed, **WHERE) == "TK1234567"
    assert not rotated.is_current(sealed)
    assert rotated.is_current(rotated.seal("TK1234567", **WHERE))


def test_value_of_a_removed_key_stays_closed(keys: dict[str, str]) -> None:
    sealed = crypto.KeyRing(keys).seal("TK1234567", **WHERE)
    with pytest.raises(crypto.CryptoError, match="not in FIELD_KEYS"):
        crypto.KeyRing({"k2": crypto.new_key()}).open_(sealed, **WHERE)


@pytest.mark.parametrize(
    "bad", ["", "short", base64.b64encode(b"sixteen bytes ok").decode(), base64.b64encode(b"\0" * 32).decode()]
)
def test_installation_with_a_weak_key_does_not_start(bad: str) -> None:
    app = Flask(__name__)
    app.config.update(FIELD_KEYS={"k1": bad}, BLIND_INDEX_KEY=crypto.new_key())
    with pytest.raises(crypto.CryptoError):
        crypto.init_app(app)


def test_blind_index_key_must_differ_from_the_field_keys(keys: dict[str, str]) -> None:
    app = Flask(__name__)
    app.config.update(FIELD_KEYS=keys, BLIND_INDEX_KEY=keys["k1"])
    with pytest.raises(crypto.CryptoError, match="must not be one of"):
        crypto.init_app(app)


def test_installation_with_a_short_blind_index_key_does_not_start(keys: dict[str, str]) -> None:
    app = Flask(__name__)
    app.config.update(FIELD_KEYS=keys, BLIND_INDEX_KEY="too short")
    with pytest.raises(crypto.CryptoError, match="at least"):
        crypto.init_app(app)


def test_keys_file_keeps_its_order_and_refuses_an_id_twice() -> None:
    one, two = crypto.new_key(), crypto.new_key()
    assert list(crypto.parse_keys(f"k2:{two}\nk1:{one}\n")) == ["k2", "k1"]
    with pytest.raises(crypto.CryptoError):
        crypto.parse_keys(f"k1:{one},k1:{two}")


def test_blind_index_ignores_how_the_number_was_typed(keyed: Flask) -> None:
    expected = crypto.blind_index("NPL", "TK1234567")
    for typed in ("tk1234567", " TK 123 4567 ", "TK-1234567", "TK１２３４５６７", "ＴＫ1234567"):
        assert crypto.blind_index("npl", typed) == expected
    assert len(expected) == 32


def test_blind_index_differs_by_country_and_by_installation(keyed: Flask, keys: dict[str, str]) -> None:
    here = crypto.blind_index("NPL", "TK1234567")
    assert crypto.blind_index("IND", "TK1234567") != here
    assert crypto.blind_index("NPLTK", "1234567") != here
    other = Flask("other")
    other.config.update(FIELD_KEYS=keys, BLIND_INDEX_KEY=crypto.new_key())
    crypto.init_app(other)
    with other.app_context():
        assert crypto.blind_index("NPL", "TK1234567") != here


def test_masked_number_shows_three_signs_and_nothing_of_a_short_one() -> None:
    assert crypto.masked("TK1234567") == "••••567"
    assert crypto.masked("12345") == "••••"


def test_token_is_long_random_and_kept_only_as_hash() -> None:
    tokens = {crypto.token() for _ in range(500)}
    assert len(tokens) == 500
    assert all(len(base64.urlsafe_b64decode(value + "=")) == 32 for value in tokens)
    value = tokens.pop()
    assert crypto.token_hash(value) == crypto.token_hash(value)
    assert len(crypto.token_hash(value)) == 64
    assert value not in crypto.token_hash(value)
