"""See ``services.gateway.registers.worker``."""

from __future__ import annotations

import sys

from services.gateway.registers.worker import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdin.buffer, sys.stdout.buffer))
