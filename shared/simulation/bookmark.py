"""How far a file has been sent: ``FILE.sent`` beside it, written only after the broker has confirmed."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import msgspec

HEAD = 64 * 1024
"""Bytes at the beginning of a file by which it is known again."""


class BookmarkError(Exception):
    """The bookmark does not belong to this file any more; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Bookmark:
    """``lines`` lines, that is ``offset`` bytes, have been confirmed. ``head``: SHA-256 of the file's first bytes, at
    most ``HEAD`` and at most ``offset`` of them."""

    lines: Annotated[int, msgspec.Meta(ge=0)] = 0
    offset: Annotated[int, msgspec.Meta(ge=0)] = 0
    head: str = ""


def path_of(file: Path) -> Path:
    return file.with_name(file.name + ".sent")


def head_of(file: Path, offset: int) -> str:
    with file.open("rb") as stream:
        return hashlib.sha256(stream.read(min(HEAD, offset))).hexdigest()


def load(file: Path) -> Bookmark:
    """Where to go on, the beginning if nothing was sent. Raise ``BookmarkError`` if the file has changed since."""
    path = path_of(file)
    try:
        mark = msgspec.json.decode(path.read_bytes(), type=Bookmark)
    except FileNotFoundError:
        return Bookmark()
    except (ValueError, RecursionError) as error:
        raise BookmarkError(f"{path} is damaged ({error}). Send the file from its beginning with --no-resume") from None
    if mark.offset > file.stat().st_size or head_of(file, mark.offset) != mark.head:
        raise BookmarkError(
            f"{file} has changed since {mark.lines} of its lines were sent (says {path.name}). Send it from its beginning with "
            "--no-resume"
        )
    return mark


def save(file: Path, mark: Bookmark) -> None:
    path = path_of(file)
    half = path.with_name(path.name + ".part")
    half.write_text(json.dumps(asdict(mark)))
    os.replace(half, path)


def forget(file: Path) -> None:
    path_of(file).unlink(missing_ok=True)
