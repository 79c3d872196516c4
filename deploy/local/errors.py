"""One kind of error: a sentence for the person at the keyboard, saying what happened and what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class LocalServersError(RuntimeError):
    """The local servers cannot be started or stopped; the message is complete and needs no traceback."""


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn an ``OSError`` about files below ``path`` into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise LocalServersError(f"The disk of {path} is full: free some space, then try again.") from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise LocalServersError(
                f"{error.filename or path} cannot be written ({error.strerror}): "
                "make it yours, or name another directory in NAMTOT_HOME."
            ) from error
        raise LocalServersError(f"{error.filename or path}: {error.strerror}.") from error
