"""What the house signs, so that anybody can check it without asking the house: Ed25519 (RFC 8032) over canonical JSON.

A signed code is `base64url(payload).base64url(signature)`, both without padding. The payload names the key under
"key". Keys come from RECEIPT_KEYS only: the first one signs, all of them verify, so receipts outlive a rotation.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask, current_app

from app.core.crypto import KEY_ID, CryptoError, decode_key, parse_keys

EXTENSION = "signing_keys"
SETTING = "RECEIPT_KEYS"
LONGEST = 16_000  # signs of a code; nothing longer is even decoded


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key as it is published: its name and the PEM text that common tools read."""

    key_id: str
    pem: str


class Signer:
    """The signing keys of an installation, the current one first."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        if not keys:
            raise CryptoError(f"{SETTING} is empty: at least one key is needed.")
        for key_id in keys:
            if not KEY_ID.fullmatch(key_id):
                raise CryptoError("A key id is 1 to 32 letters, digits, '-' or '_'.")
        self._keys = {
            key_id: Ed25519PrivateKey.from_private_bytes(decode_key(key_id, seed)) for key_id, seed in keys.items()
        }
        self.current = next(iter(keys))

    def sign(self, facts: Mapping[str, Any]) -> str:
        """The code of some facts, signed with the current key, whose name is set in under "key"."""
        payload = canonical({**facts, "key": self.current})
        return f"{encode(payload)}.{encode(self._keys[self.current].sign(payload))}"

    def verify(self, code: str) -> dict[str, Any] | None:
        """The facts of a code that one of our keys signed; None for everything else, whatever is wrong with it."""
        first, _, second = code.partition(".")
        if len(code) > LONGEST or not first or not second:
            return None
        try:
            payload, signature = decode(first), decode(second)
            facts = json.loads(payload)
            key = self._keys.get(facts["key"])
            if key is None or canonical(facts) != payload:
                return None
            key.public_key().verify(signature, payload)
        except (ValueError, KeyError, TypeError, RecursionError, InvalidSignature):
            return None
        return dict(facts)

    def public_keys(self) -> list[PublicKey]:
        """What anybody needs to verify offline, the current key first."""
        return [
            PublicKey(
                key_id,
                key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii").strip(),
            )
            for key_id, key in self._keys.items()
        ]


def canonical(facts: Mapping[str, Any]) -> bytes:
    """The one form in which facts are signed: JSON with sorted keys, without blanks, in UTF-8."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def encode(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """The bytes of base64url without padding; only the one text that `encode` makes of them is taken.

    Raises: ValueError.
    """
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("This is not base64url.") from error
    if encode(data) != text:
        raise ValueError("This is not how the bytes are written.")
    return data


def signer() -> Signer:
    """The keys of the current application."""
    found: Signer = current_app.extensions[EXTENSION]
    return found


def init_app(app: Flask) -> None:
    """Read the keys at start: an installation with a bad key does not start."""
    configured: Any = app.config[SETTING] or ""
    keys = parse_keys(configured, setting=SETTING) if isinstance(configured, str) else configured
    app.extensions[EXTENSION] = Signer(keys)
