"""The gateway is asyncio through and through, and meets the other services only in the contract."""

from __future__ import annotations

import subprocess
import sys

LIST = "import sys, services.gateway.app; print('\\n'.join(sorted(sys.modules)))"


def test_no_eventlet_no_nameko_and_no_other_service() -> None:
    loaded = subprocess.run([sys.executable, "-c", LIST], capture_output=True, text=True, check=True, timeout=60).stdout.split()
    assert "services.gateway.app" in loaded
    assert not [m for m in loaded if m.split(".")[0] in ("eventlet", "nameko", "greenlet")]
    assert not [m for m in loaded if m.startswith("services.") and not m.startswith("services.gateway")]
