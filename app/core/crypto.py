"""Secrets at rest: sealed fields, blind indexes for exact look-up, tokens of which only the hash is kept.

A sealed field is AES-256-GCM text `v1.<key id>.<base64url(nonce ‖ ciphertext ‖ tag)>`. Table, column and the row's
public id are authenticated with it, so a value copied into another row or column does not open. Keys come from the
configuration only (FIELD_KEYS, the current one first; BLIND_INDEX_KEY), never from the database.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask, current_app

VERSION = "v1"
KEY_BYTES = 32
NONCE_BYTES = 12
INDEX_KEY_LENGTH = 24
EXTENSION = "field_keys"
KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_SEPARATORS = re.compile("[\\s\\-\u2010-\u2015\u2212\u30fc\uff65\u30fb.]+")  # blanks, dashes, dots of any script


class CryptoError(ValueError):
    """A key is unusable or a sealed value does not open. The text never contains the value."""


def decode_key(name: str, encoded: str) -> bytes:
    """The 32 bytes of a key written in base64. Raises: CryptoError when it is no such key or visibly not random."""
    try:
        key = base64.b64decode(encoded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise CryptoError(f"The key {name} is not base64.") from error
    if len(key) != KEY_BYTES:
        raise CryptoError(f"The key {name} has {len(key)} bytes; {KEY_BYTES} are needed.")
    if len(set(key)) < 8:
        raise CryptoError(f"The key {name} is not random.")
    return key


def new_key() -> str:
    """A fresh 256-bit key in the base64 form the configuration takes."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")


class KeyRing:
    """The field keys of an installation: the first seals, all of them open."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        if not keys:
            raise CryptoError("FIELD_KEYS is empty: at least one key is needed.")
        for key_id in keys:
            if not KEY_ID.fullmatch(key_id):
                raise CryptoError("A key id is 1 to 32 letters, digits, '-' or '_'.")
        self._ciphers = {key_id: AESGCM(decode_key(key_id, encoded)) for key_id, encoded in keys.items()}
        self.current = next(iter(keys))

    def seal(self, plaintext: str, *, table: str, column: str, row_public_id: str) -> str:
        """The sealed text of a value that belongs to exactly this table, column and row."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        bound_to = _bound_to(self.current, table, column, row_public_id)
        sealed = self._ciphers[self.current].encrypt(nonce, plaintext.encode("utf-8"), bound_to)
        return f"{VERSION}.{self.current}.{base64.urlsafe_b64encode(nonce + sealed).decode('ascii')}"

    def open_(self, sealed: str, *, table: str, column: str, row_public_id: str) -> str:
        """The plain text again; CryptoError when it was changed, moved from another row, or its key is gone."""
        key_id, body = _parts(sealed)
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise CryptoError(f"The key {key_id} of a sealed value of {table}.{column} is not in FIELD_KEYS.")
        try:
            plain = cipher.decrypt(
                body[:NONCE_BYTES], body[NONCE_BYTES:], _bound_to(key_id, table, column, row_public_id)
            )
        except InvalidTag as error:
            raise CryptoError(f"A sealed value of {table}.{column} does not open.") from error
        return plain.decode("utf-8")

    def is_current(self, sealed: str) -> bool:
        """Whether a value is sealed with the current key; the others are re-sealed after a rotation."""
        return _parts(sealed)[0] == self.current


def _bound_to(key_id: str, table: str, column: str, row_public_id: str) -> bytes:
    for name in (table, column, row_public_id):
        if not name or ":" in name:
            raise CryptoError("A sealed value needs a table, a column and a row, none of them with a colon.")
    return f"{VERSION}:{key_id}:{table}:{column}:{row_public_id}".encode()


def _parts(sealed: str) -> tuple[str, bytes]:
    version, _, rest = sealed.partition(".")
    key_id, _, encoded = rest.partition(".")
    if version != VERSION or not KEY_ID.fullmatch(key_id):
        raise CryptoError("A sealed value has an unknown form.")
    try:
        body = base64.b64decode(encoded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise CryptoError("A sealed value is damaged.") from error
    if len(body) <= NONCE_BYTES:
        raise CryptoError("A sealed value is too short.")
    return key_id, body


def parse_keys(text: str, *, setting: str = "FIELD_KEYS") -> dict[str, str]:
    """Keys as written in a setting: `id:base64` separated by commas or lines, the current key first."""
    entries = [entry.strip() for entry in re.split(r"[,\n]", text) if entry.strip()]
    keys: dict[str, str] = {}
    for entry in entries:
        key_id, separator, encoded = entry.partition(":")
        if not separator or key_id.strip() in keys:
            raise CryptoError(f"{setting} needs entries of the form id:base64, each id once.")
        keys[key_id.strip()] = encoded.strip()
    return keys


def init_app(app: Flask) -> None:
    """Read the keys at start: an installation with a bad key does not start."""
    configured: Any = app.config["FIELD_KEYS"] or ""
    keys = parse_keys(configured) if isinstance(configured, str) else configured
    index_key: str = app.config["BLIND_INDEX_KEY"] or ""
    if len(index_key) < INDEX_KEY_LENGTH or len(set(index_key)) < 8:
        raise CryptoError(f"BLIND_INDEX_KEY needs at least {INDEX_KEY_LENGTH} random characters.")
    if index_key in keys.values():
        raise CryptoError("BLIND_INDEX_KEY must not be one of FIELD_KEYS.")
    app.extensions[EXTENSION] = (KeyRing(keys), index_key.encode("utf-8"))


def key_ring() -> KeyRing:
    """The key ring of the current application."""
    ring: KeyRing = current_app.extensions[EXTENSION][0]
    return ring


def seal(plaintext: str, *, table: str, column: str, row_public_id: str) -> str:
    """Seal a class-A value with the current key (see KeyRing.seal)."""
    return key_ring().seal(plaintext, table=table, column=column, row_public_id=row_public_id)


def open_(sealed: str, *, table: str, column: str, row_public_id: str) -> str:
    """Open a sealed value (see KeyRing.open_); whoever calls it records the reading in the audit."""
    return key_ring().open_(sealed, table=table, column=column, row_public_id=row_public_id)


def blind_index(*parts: str) -> str:
    """128-bit keyed index (32 hex digits) of a value, e.g. issuing country and passport number.

    Equal values give equal indexes however they are typed: width, case, spaces and hyphens do not count. It must be
    keyed because the numbers can be guessed; it reveals equality and nothing else.
    """
    normalised = "\x1f".join(normalise(part) for part in parts)
    index_key: bytes = current_app.extensions[EXTENSION][1]
    return hmac.new(index_key, normalised.encode("utf-8"), hashlib.sha256).hexdigest()[:32]


def normalise(value: str) -> str:
    """A document number without what typists vary: compatibility forms, case, spaces, hyphens and dots."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", value).upper())


def masked(value: str) -> str:
    """What a page shows of a sealed number: the last three signs, nothing of a short one."""
    shown = value[-3:] if len(value) > 5 else ""
    return f"••••{shown}"


def token() -> str:
    """A 256-bit secret for a link or a session, safe in a URL. Only its hash is stored."""
    return secrets.token_urlsafe(32)


def token_hash(value: str) -> str:
    """SHA-256 of a token, 64 hex digits. The token is random, so a slow hash would add nothing."""
    return hashlib.sha256(value.encode("utf-8")).hexdigest()
