"""``python -m deploy.keys FILE…``: write a new key of its own to each file that is not there already.

For trying namtot out with Docker. In production keys come from a KMS or a secret that somebody keeps: whoever loses the master
key loses the vault, whoever copies it can read it; with another key of references each mediator gets a second self.
"""

from __future__ import annotations

import sys
from pathlib import Path

from shared.privacy import new_master_key


def main(arguments: list[str]) -> str | None:
    """None, or what is wrong."""
    if not arguments:
        return "usage: python -m deploy.keys FILE…"
    for path in map(Path, arguments):
        try:
            new_master_key(path)
        except OSError as error:
            if not (isinstance(error, FileExistsError) and path.is_file()):
                return f"the key cannot be written to {path}: {error.strerror}"
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
