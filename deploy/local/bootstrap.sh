#!/bin/sh
# Find the newest Python from 3.11 on and let it make .venv; a Python that cannot even start (a version manager's shim) is passed over.
set -eu
cd "$(dirname "$0")/../.."

for python in .venv/bin/python python3.14 python3.13 python3.12 python3.11 python3; do
    if command -v "$python" >/dev/null 2>&1 &&
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        exec "$python" -I deploy/local/bootstrap.py
    fi
done

echo "namtot needs Python 3.11 or newer and finds none: install it (Debian, Ubuntu: sudo apt-get install -y python3.11 python3.11-venv), then try again." >&2
exit 1
