"""Style and icon, addressed with a hash of their content, so that browsers may keep them for good."""

from __future__ import annotations

import hashlib
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope


class VersionedFiles(StaticFiles):
    def __init__(self, directory: Path) -> None:
        super().__init__(directory=directory)
        self._hashes = {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in directory.iterdir() if path.is_file()
        }

    def url(self, name: str) -> str:
        return f"/static/{name}?v={self._hashes[name]}"

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        held = self._hashes.get(path)
        if response.status_code == 200 and held and f"v={held}".encode() == scope.get("query_string"):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
