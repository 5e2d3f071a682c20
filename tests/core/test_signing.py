"""Signed codes: genuine or not, nothing in between; keys rotate without spoiling what was signed before."""

import json

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from app.core.crypto import CryptoError, new_key
from app.core.signing import Signer, canonical, decode, encode

OLD, NEW = new_key(), new_key()
FACTS = {"reference": "2025-0001", "sequence": 1}


@pytest.fixture
def signer() -> Signer:
    return Signer({"r1": OLD})


def test_code_gives_its_facts_back(signer: Signer) -> None:
    assert signer.verify(signer.sign(FACTS)) == {**FACTS, "key": "r1"}


def test_code_survives_a_rotation_and_dies_with_its_key(signer: Signer) -> None:
    code = signer.sign(FACTS)
    rotated = Signer({"r2": NEW, "r1": OLD})
    assert rotated.verify(code) == {**FACTS, "key": "r1"}
    assert rotated.verify(rotated.sign(FACTS)) == {**FACTS, "key": "r2"}
    assert Signer({"r2": NEW}).verify(code) is None
    assert Signer({"r1": NEW}).verify(code) is None


def test_every_changed_sign_is_noticed(signer: Signer) -> None:
    code = signer.sign(FACTS)
    for place in range(len(code)):
        other = "A" if code[place] != "A" else "B"
        assert signer.verify(code[:place] + other + code[place + 1 :]) is None, place


@pytest.mark.parametrize("text", ["", ".", "a.b", "....", "ü.ü", "e30.e30", "W10.W10", "A" * 20_000 + ".A", "bnVsbA.A"])
def test_what_is_no_code_is_not_genuine(signer: Signer, text: str) -> None:
    assert signer.verify(text) is None


def test_facts_written_otherwise_than_canonically_are_refused(signer: Signer) -> None:
    payload = json.dumps({"sequence": 1, "key": "r1"}).encode()
    signature = signer._keys["r1"].sign(payload)
    assert signer.verify(f"{encode(payload)}.{encode(signature)}") is None


def test_published_key_verifies_without_us(signer: Signer) -> None:
    payload, signature = (decode(part) for part in signer.sign(FACTS).split("."))
    load_pem_public_key(signer.public_keys()[0].pem.encode()).verify(signature, payload)  # type: ignore[union-attr, call-arg]
    assert payload == canonical(json.loads(payload))


@pytest.mark.parametrize("keys", [{}, {"r1": "short"}, {"no good id": OLD}])
def test_unusable_keys_stop_the_start(keys: dict[str, str]) -> None:
    with pytest.raises(CryptoError):
        Signer(keys)
