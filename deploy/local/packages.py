"""The few things that come from the system's package manager (Debian, Ubuntu): installed when we are root, else asked for.

``python -m deploy.local.packages tests`` installs what the tests need beside the servers.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.local.errors import LocalServersError
from deploy.local.server import Say, silent

NETWORK = ("Could not resolve", "Temporary failure resolving", "Failed to fetch", "Unable to connect", "Connection timed out")

FOR_TESTS = {
    "rabbitmq-server": "rabbitmq-server",
    "promtool": "prometheus",
    "chromium": "chromium",
    "docker-compose": "docker-compose",
    "node": "nodejs",
    "npm": "npm",
}
"""Command → Debian's package. The command counts: Node.js, say, may have come from elsewhere."""


def install(names: Sequence[str], what_for: str, instead: str, say: Say = silent) -> None:
    """Install packages with apt. ``instead``: what else one can do, as the end of the error's sentence: "or …".

    LocalServersError when this is no Debian or Ubuntu, we are not root, the network is away, or apt fails.
    """
    wanted = " ".join(names)
    if shutil.which("apt-get") is None:
        raise LocalServersError(
            f"{what_for} is needed, and this system ({platform.system()}) has no apt: install {wanted} with its own package "
            f"manager, or {instead}."
        )
    if os.geteuid() != 0:
        raise LocalServersError(
            f"{what_for} is needed: run `sudo apt-get update && sudo apt-get install -y {wanted}`, or {instead}."
        )
    say(f"Installing {wanted} for {what_for} (apt-get; this can take a minute) …")
    environ = {"DEBIAN_FRONTEND": "noninteractive", **os.environ}
    _apt(["update"], environ, wanted)
    _apt(["install", "-y", "--no-install-recommends", *names], environ, wanted)
    if "rabbitmq-server" in names and Path("/run/systemd/system").exists():
        say(
            "Debian's package also started a system-wide RabbitMQ, which namtot does not use: "
            "`systemctl disable --now rabbitmq-server` if you do not want it."
        )


def _apt(arguments: Sequence[str], environ: dict[str, str], wanted: str) -> None:
    command = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=2", *arguments]
    said: list[str] = []
    # on standard error, so that --json keeps standard output for itself
    with subprocess.Popen(
        command,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as apt:
        assert apt.stdout is not None
        for line in apt.stdout:
            said.append(line)
            sys.stderr.write(f"  apt: {line}")
    text = "".join(said)
    network_gone = any(sign in text for sign in NETWORK)
    if apt.returncode == 0 and not (arguments[0] == "install" and network_gone):
        return  # a failed `update` exits 0 when old lists remain: then they may still serve
    if "No space left" in text or "have enough free space" in text:
        raise LocalServersError(f"The disk is full, so {wanted} could not be installed: free some space, then try again.")
    if network_gone:
        raise LocalServersError(
            f"{wanted} could not be downloaded: the network or the package mirror is away. Try again when it is back."
        )
    last = next((line.strip() for line in reversed(said) if line.startswith("E:")), said[-1].strip() if said else "")
    raise LocalServersError(f"apt-get {arguments[0]} failed ({last}): run `apt-get install {wanted}` by hand to see why.")


def for_tests(say: Say) -> None:
    """Install what the tests drive beside the servers, as far as that is possible; say what is missing and stays so."""
    missing = {command: package for command, package in FOR_TESTS.items() if shutil.which(command) is None}
    if not missing:
        return
    try:
        install(list(missing.values()), "a part of the tests", "go without", say)
    except LocalServersError as error:
        say(f"{error} Tests that need {', '.join(missing)} cannot run without, and say so.")


if __name__ == "__main__":
    for_tests(lambda text: print(text, file=sys.stderr))  # noqa: T201
