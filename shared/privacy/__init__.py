"""Private life: the vault's encryption, and the commitments that the log keeps in its place.

What identifies a person is encrypted with MongoDB's client-side field-level encryption (explicit, randomised), with one data key
per month of receipt; data keys are wrapped by a master key that never enters the database. The log holds only
``sha256(salt + content)``: it proves later what the vault held, and tells nothing once salt and content are erased.

Technical source: MongoDB Client-Side Field Level Encryption, AEAD_AES_256_CBC_HMAC_SHA_512. Law: Luật 91/2025/QH15.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shlex
import subprocess
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

from bson.binary import Binary, UuidRepresentation
from bson.codec_options import CodecOptions
from pymongo import MongoClient
from pymongo.encryption import ClientEncryption
from pymongo.errors import EncryptionError

from shared.failpoints import reach
from shared.settings import Settings, SettingsError

ALGORITHM = "AEAD_AES_256_CBC_HMAC_SHA_512-Random"
MASTER_KEY_BYTES = 96
SALT_BYTES = 16
COMMAND_SECONDS = 30.0
KNOWN_SECONDS = 5.0
"""For so long an instance may go on with a data key that has a successor."""


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
    """96 bytes. Raise ``SettingsError``; a key is in no message."""
    if settings.key_provider == "local":
        return _key_file(settings.key_file, "NAMTOT_KEY_FILE")
    if settings.key_provider == "command":
        return _key_command(settings.key_command, "NAMTOT_KEY_COMMAND")
    raise SettingsError(f"NAMTOT_KEY_PROVIDER={settings.key_provider!r} is not supported; it is 'local' or 'command'")


def _key_before(settings: Settings) -> bytes | None:
    """The master key before the present one, wherever it came from: the file's may be followed by a command's."""
    if settings.key_command_before:
        return _key_command(settings.key_command_before, "NAMTOT_KEY_COMMAND_BEFORE")
    return _key_file(settings.key_file_before, "NAMTOT_KEY_FILE_BEFORE") if settings.key_file_before else None


def _key_command(command: str, variable: str) -> bytes:
    """What the command prints. It gets this process's environment, nothing on its standard input, and no shell."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise SettingsError(f"{variable} cannot be read: {error}") from None
    if not words:
        raise SettingsError(f"{variable} is not set; it names the program that prints the master key")
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=COMMAND_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SettingsError(f"{variable}: {words[0]} did not answer within {COMMAND_SECONDS:g} seconds") from None
    except (OSError, ValueError) as error:
        raise SettingsError(f"{variable}: {words[0]} cannot be run ({getattr(error, 'strerror', None) or 'bad words'})") from None
    if done.returncode != 0:
        raise SettingsError(f"{variable}: {words[0]} ended with status {done.returncode}")
    key = _printed(done.stdout)
    if len(key) != MASTER_KEY_BYTES:
        raise SettingsError(f"{variable}: {words[0]} printed no key of {MASTER_KEY_BYTES} bytes, neither plain nor as base64")
    return key


def _printed(output: bytes) -> bytes:
    if len(output) == MASTER_KEY_BYTES:
        return output
    with suppress(ValueError):
        return base64.b64decode(b"".join(output.split()), validate=True)
    return b""


def _key_file(path: str, variable: str) -> bytes:
    try:
        key = Path(path).read_bytes()
    except OSError as error:
        raise SettingsError(
            f"{variable}={path!r} cannot be read ({error.strerror}); `namtot up` makes one for development"
        ) from None
    if len(key) != MASTER_KEY_BYTES:
        raise SettingsError(f"{variable}={path!r} holds {len(key)} bytes; a master key has {MASTER_KEY_BYTES}")
    return key


def provider_name(key: bytes) -> str:
    """What a data key says of the master key that wraps it: "local:" and 12 hex digits of its hash."""
    return f"local:{hashlib.sha256(key).hexdigest()[:12]}"


def key_of(sealed: bytes) -> bytes:
    """The id of the data key that a ciphertext needs (MongoDB's format: one byte, then 16 of the key's id)."""
    return bytes(sealed[1:17])


class Cipher:
    """Encrypts and decrypts with the data key of a period. Data keys are made when first needed.

    A data key names its master key; those that an older release made say only "local": that is the file before, while one is
    given, else the present one. A period's key can have successors ("2026-11#2"): the last one encrypts, all of them decrypt.
    """

    def __init__(self, client: MongoClient[dict[str, Any]], settings: Settings, database: str) -> None:
        self._namespace = f"{database}.data_keys"
        self.keys = client[database]["data_keys"]
        present = master_key(settings)
        before = _key_before(settings) or present
        self.provider = provider_name(present)
        self._encryption: ClientEncryption[dict[str, Any]] = ClientEncryption(
            {"local": {"key": before}, provider_name(before): {"key": before}, self.provider: {"key": present}},
            self._namespace, client, CodecOptions(uuid_representation=UuidRepresentation.STANDARD),
        )
        self._known: dict[str, tuple[Binary, float]] = {}

    def prepare(self) -> None:
        """The unique index without which two instances could each make the key of a new period."""
        self.keys.create_index("keyAltNames", unique=True, partialFilterExpression={"keyAltNames": {"$exists": True}})

    def key(self, period: str) -> Binary:
        """The data key of ``period`` ("2026-11"), known anew every few seconds, for another instance may have made the next."""
        known, at = self._known.get(period, (None, 0.0))
        if known is None or monotonic() - at > KNOWN_SECONDS:
            named = self.generations(period)
            if not named:
                self._make(period)
                named = self.generations(period)
            if not named:
                raise EncryptionError(LookupError(f"no data key for {period}"))
            known = named[-1]
            self._known[period] = known, monotonic()
        return known

    def generations(self, period: str) -> list[Binary]:
        """Ids of a period's data keys, the first one first."""
        found = self.keys.find({"keyAltNames": {"$regex": f"^{re.escape(period)}(#[0-9]+)?$"}}, {"keyAltNames": 1})
        return [Binary(bytes(d["_id"]), 4) for d in sorted(found, key=lambda d: _generation(d["keyAltNames"][0]))]

    def renew(self, period: str) -> Binary:
        """Make the next data key of ``period``. Other instances use it after ``KNOWN_SECONDS``."""
        newest = self.keys.find_one({"_id": self.key(period)}, {"keyAltNames": 1})
        assert newest is not None
        self._make(f"{period}#{_generation(newest['keyAltNames'][0]) + 1}")
        self._known.pop(period, None)
        return self.key(period)

    def _make(self, name: str) -> None:
        with suppress(EncryptionError):  # another instance made it at the same moment
            self._encryption.create_data_key(self.provider, key_alt_names=[name])

    def rewrap(self) -> int:
        """Wrap every data key that another master key wraps with the present one; returns how many there were. Each is one
        atomic write, and either master key serves until the last: a crash leaves nothing that cannot be read or gone on with."""
        wrapped = 0
        for document in list(self.keys.find({"masterKey.provider": {"$ne": self.provider}}, {"_id": 1})):
            self._encryption.rewrap_many_data_key({"_id": document["_id"]}, provider=self.provider)
            reach("keys.rewrapped")
            wrapped += 1
        return wrapped

    def encrypt(self, content: bytes, period: str) -> Binary:
        return self._encryption.encrypt(
            Binary(content), ALGORITHM, key_id=self.key(period)
        )

    def decrypt(self, sealed: Binary) -> bytes:
        """Raise ``EncryptionError`` if the content was tampered with or its key is gone."""
        return bytes(self._encryption.decrypt(sealed))

    def close(self) -> None:
        self._encryption.close()


def _generation(name: str) -> int:
    return int(name.partition("#")[2] or 1)
