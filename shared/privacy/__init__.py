"""Private life: the vault's encryption, and the commitments that the log keeps in its place.

What identifies a person is encrypted with MongoDB's client-side field-level encryption (explicit, randomised), with one data key
per month of receipt; data keys are wrapped by a master key that never enters the database. The log holds only
``sha256(salt + content)``: it proves later what the vault held, and tells nothing once salt and content are erased.

Technical source: MongoDB Client-Side Field Level Encryption, AEAD_AES_256_CBC_HMAC_SHA_512. Law: Luật 91/2025/QH15.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from bson.binary import Binary, UuidRepresentation
from bson.codec_options import CodecOptions
from pymongo import MongoClient
from pymongo.encryption import ClientEncryption
from pymongo.errors import EncryptionError

from shared.settings import Settings, SettingsError

ALGORITHM = "AEAD_AES_256_CBC_HMAC_SHA_512-Random"
MASTER_KEY_BYTES = 96
SALT_BYTES = 16


def commitment(salt: bytes, content: bytes) -> bytes:
    """32 bytes that bind the log to what the vault holds."""
    return hashlib.sha256(salt + content).digest()


def new_master_key(path: Path) -> None:
    """Write a fresh local master key, readable by its owner only. Raise ``FileExistsError`` rather than replace one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(os.urandom(MASTER_KEY_BYTES))


def master_key(settings: Settings) -> bytes:
    if settings.key_provider != "local":
        raise SettingsError(f"NAMTOT_KEY_PROVIDER={settings.key_provider!r} is not supported; use 'local' with NAMTOT_KEY_FILE")
    try:
        key = Path(settings.key_file).read_bytes()
    except OSError as error:
        raise SettingsError(
            f"NAMTOT_KEY_FILE={settings.key_file!r} cannot be read ({error.strerror}); `namtot up` makes one for development"
        ) from None
    if len(key) != MASTER_KEY_BYTES:
        raise SettingsError(f"NAMTOT_KEY_FILE={settings.key_file!r} holds {len(key)} bytes; a master key has {MASTER_KEY_BYTES}")
    return key


class Cipher:
    """Encrypts and decrypts with the data key of a period. Data keys are made when first needed."""

    def __init__(self, client: MongoClient[dict[str, Any]], settings: Settings, database: str) -> None:
        self._namespace = f"{database}.data_keys"
        self._keys = client[database]["data_keys"]
        self._encryption: ClientEncryption[dict[str, Any]] = ClientEncryption(
            {"local": {"key": master_key(settings)}}, self._namespace, client,
            CodecOptions(uuid_representation=UuidRepresentation.STANDARD),
        )
        self._known: dict[str, Binary] = {}

    def prepare(self) -> None:
        """The unique index without which two instances could each make the key of a new period."""
        self._keys.create_index("keyAltNames", unique=True, partialFilterExpression={"keyAltNames": {"$exists": True}})

    def key(self, period: str) -> Binary:
        """The data key of ``period`` ("2026-11")."""
        known = self._known.get(period)
        if known is None:
            found = self._encryption.get_key_by_alt_name(period)
            if found is None:
                try:
                    known = self._encryption.create_data_key("local", key_alt_names=[period])
                except EncryptionError:
                    # another instance made it at the same moment
                    found = self._encryption.get_key_by_alt_name(period)
            if known is None and found is not None:
                known = Binary(bytes(found["_id"]), 4)
            if known is None:
                raise EncryptionError(LookupError(f"no data key for {period}"))
            self._known[period] = known
        return known

    def encrypt(self, content: bytes, period: str) -> Binary:
        return self._encryption.encrypt(
            Binary(content), ALGORITHM, key_id=self.key(period)
        )

    def decrypt(self, sealed: Binary) -> bytes:
        """Raise ``EncryptionError`` if the content was tampered with or its key is gone."""
        return bytes(self._encryption.decrypt(sealed))

    def close(self) -> None:
        self._encryption.close()
