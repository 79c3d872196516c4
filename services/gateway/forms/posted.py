"""What a browser sent: fields by name, each with its values in order, and the hash of each file. A file is read once, to hash
it, and not kept."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message

FORM_BYTES = 25 * 1024 * 1024
FORM_SECONDS = 120.0
MOST_FIELDS = 20_000
MOST_FILES = 50
_CHUNK = 1024 * 1024
HASH, FILE = "sha256", "file"
"""A file posted as ``evidence.0.file`` stands as its hash in ``evidence.0.sha256``."""


class TooMuch(Exception):
    """The form is larger, slower or of more parts than any of ours, or cannot be read as one."""


class Posted:
    """Values by field name; blank ones count as not given."""

    def __init__(self, values: Mapping[str, Iterable[str]]) -> None:
        self._values = {name: [v for v in given if v.strip()] for name, given in values.items()}

    def one(self, name: str) -> str:
        """The last value given, or "": a second control of the same name comes after what it replaces."""
        given = self._values.get(name)
        return given[-1].strip() if given else ""

    def all(self, name: str) -> list[str]:
        return self._values.get(name, [])

    def rows(self, name: str) -> list[int]:
        """The numbers of the rows sent under ``name``, in order, whether or not anything stands in them."""
        start = f"{name}."
        found = {key[len(start):].partition(".")[0] for key in self._values if key.startswith(start)}
        return sorted(int(number) for number in found if number.isascii() and number.isdigit() and len(number) < 6)

    def under(self, name: str) -> dict[str, str]:
        """Everything directly under ``name``: ``criteria.training`` → ``training``."""
        start = f"{name}."
        return {key[len(start):]: self.one(key) for key in self._values if key.startswith(start) and "." not in key[len(start):]}

    def pairs(self) -> Iterator[tuple[str, str]]:
        """All of it, as hidden fields that send it once more."""
        return ((name, value) for name, given in self._values.items() for value in given)

    def with_values(self, values: Mapping[str, Iterable[str]]) -> Posted:
        return Posted({**self._values, **values})


async def read(request: Request) -> Posted:
    """Raise ``TooMuch``."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > FORM_BYTES:
        raise TooMuch
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        message = await request.receive()
        taken += len(message.get("body", b""))
        if taken > FORM_BYTES:
            raise TooMuch
        return message

    if _charset(request.headers.get("content-type", "")) not in ("", "utf-8"):
        raise TooMuch  # no page of ours sends another, and Python knows some that take very long
    values: dict[str, list[str]] = {}
    hashes: dict[str, list[str]] = {}
    try:
        async with (
            asyncio.timeout(FORM_SECONDS),
            Request(request.scope, receive).form(max_files=MOST_FILES, max_fields=MOST_FIELDS) as form,
        ):
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    if value.filename and value.size:
                        stem = name.removesuffix(FILE)
                        hashes.setdefault(f"{stem}{HASH}", []).append(await asyncio.to_thread(_hash, value))
                else:
                    values.setdefault(name, []).append(value)
    except (MultiPartException, TimeoutError, UnicodeDecodeError, ValueError):
        raise TooMuch from None
    except Exception as error:
        # starlette turns the parser's complaint into an HTTP error where an application stands around it
        if getattr(error, "status_code", None) == 400:
            raise TooMuch from None
        raise
    # a file that was picked now replaces the hash of the one before, wherever that stands in the form
    return Posted(values | hashes)


def _charset(content_type: str) -> str:
    found = re.search(r"charset\s*=\s*\"?([^\s;\"]*)", content_type, re.IGNORECASE)
    return found[1].lower() if found else ""


def _hash(upload: UploadFile) -> str:
    digest = hashlib.sha256()
    upload.file.seek(0)
    while chunk := upload.file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
