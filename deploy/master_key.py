"""``python -m deploy.master_key FILE``: write a new local master key, unless the file is there already.

For trying namtot out with Docker. In production the key comes from a KMS or a secret that somebody keeps: whoever loses
it loses the vault, whoever copies it can read it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from shared.privacy import new_master_key


def main(arguments: list[str]) -> str | None:
    """None, or what is wrong."""
    if len(arguments) != 1:
        return "usage: python -m deploy.master_key FILE"
    path = Path(arguments[0])
    try:
        new_master_key(path)
    except OSError as error:
        if isinstance(error, FileExistsError) and path.is_file():
            return None
        return f"the master key cannot be written to {path}: {error.strerror}"
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
