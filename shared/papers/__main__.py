from __future__ import annotations

import sys

from shared.papers.worker import main

sys.exit(main(sys.argv[1:], sys.stdin.buffer, sys.stdout.buffer))
