"""Make ``.venv`` from ``requirements.lock``, once: a stamp tells the next run that nothing has changed.

Runs with nothing but the standard library, and keeps its errors to one sentence each.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
STAMP = VENV / "namtot.stamp"
LOCK = ROOT / "requirements.lock"
NEEDED_MIB = 1500

NETWORK = (
    "NewConnectionError", "Temporary failure in name resolution", "Name or service not known", "Network is unreachable",
    "Max retries exceeded", "ReadTimeoutError", "ConnectTimeoutError", "connection broken by",
)


class CannotInstall(Exception):
    """The message is one sentence."""


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def mark() -> str:
    """Of everything that .venv depends on: what is to be installed, where, and on which system Python."""
    parts = [LOCK.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def works() -> bool:
    """Is there a .venv whose Python starts and has pip?"""
    python = VENV / "bin" / "python"
    return python.exists() and subprocess.run([python, "-c", "import pip"], capture_output=True, check=False).returncode == 0


def run(command: list[str], doing: str) -> None:
    """Show what it prints; CannotInstall with the reason when it fails."""
    said: list[str] = []
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", cwd=ROOT
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if line.startswith(("Collecting ", "Installing ", "Downloading ", "Get:", "Unpacking ", "Setting up ")):
                say(f"  {line.strip()[:150]}")
    if process.returncode == 0:
        return
    text = "".join(said)
    if "No space left" in text or "have enough free space" in text:
        raise CannotInstall(f"The disk is full while {doing}: free {NEEDED_MIB} MiB, then try again.")
    if any(sign in text for sign in (*NETWORK, "Could not resolve", "Failed to fetch")):
        raise CannotInstall(f"The network (or the package index) is away while {doing}: try again when it is back.")
    last = next((line.strip() for line in reversed(said) if line.strip().lower().startswith(("error", "e:"))), "")
    raise CannotInstall(f"Failed while {doing}: {last or (said[-1].strip() if said else 'no output')}")


def have_venv_module() -> None:
    """Debian and Ubuntu ship Python without it."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        if os.geteuid() != 0 or shutil.which("apt-get") is None:
            raise CannotInstall(
                f"Python's venv module is missing: run `sudo apt-get update && sudo apt-get install -y {package}`, "
                "then try again."
            ) from None
        say(f"Installing {package} (apt-get) …")
        os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
        run(["apt-get", "-q", "update"], "reading the package lists")
        run(["apt-get", "-q", "install", "-y", "--no-install-recommends", package], f"installing {package}")


def install() -> None:
    try:
        free = shutil.disk_usage(ROOT).free // 1024**2
        if free < NEEDED_MIB and not works():
            raise CannotInstall(
                f"Only {free} MiB are free here and about {NEEDED_MIB} are needed: free some space, then try again."
            )
        STAMP.unlink(missing_ok=True)
        if not works():
            have_venv_module()
            say(f"Making .venv with Python {sys.version.split()[0]} …")
            run([sys.executable, "-m", "venv", "--clear", str(VENV)], "making .venv")
        say("Installing the libraries of requirements.lock into .venv (a few minutes the first time) …")
        quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
        pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", *quiet]
        run([*pip, "-r", str(LOCK)], "installing the libraries")
        run([*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)], "installing namtot itself")
        STAMP.write_text(mark())
    except OSError as error:
        raise CannotInstall(f"{error.filename or VENV}: {error.strerror}.") from error


def main() -> int:
    with LOCK.open() as lock:
        # two at once in one checkout: the second waits, then finds it done
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            if not (STAMP.exists() and STAMP.read_text() == mark() and works()):
                install()
        except CannotInstall as error:
            say(str(error))
            return 1
        except KeyboardInterrupt:
            say("Interrupted; run it again to go on.")
            return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
