"""A nameko service to ask. Run as ``python echo_service.py AMQP_URI``; prints ``ready`` once it listens."""

from __future__ import annotations

import sys

import eventlet

eventlet.monkey_patch()

from nameko.rpc import rpc  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402


class Echo:
    name = "echo"

    @rpc
    def echo(self, text: str) -> dict[str, str]:
        return {"text": text}

    @rpc
    def fail(self) -> None:
        raise LookupError("no such team")

    @rpc
    def sleep(self, seconds: float) -> str:
        eventlet.sleep(seconds)
        return "slept"


def main(uri: str) -> None:
    runner = ServiceRunner({"AMQP_URI": uri})
    runner.add_service(Echo)
    runner.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    runner.wait()


if __name__ == "__main__":
    main(sys.argv[1])
