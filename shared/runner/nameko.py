"""A nameko service as a process; eventlet has patched the standard library already."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from typing import Any

import amqp
import eventlet
import eventlet.wsgi
import structlog
from eventlet import hubs
from eventlet.event import Event
from kombu import Connection
from nameko.runners import ServiceRunner

from shared import settings as configuration
from shared.metrics import build_info, endpoint, readiness
from shared.runner import SERVICES, container, logs
from shared.runner.port import PortTaken, listen

log = structlog.get_logger(__name__)

STOP_SECONDS = 30.0
BROKEN: tuple[type[BaseException], ...] = (OSError, amqp.exceptions.AMQPError)


def load(name: str) -> type:
    """The service class. ImportError or AttributeError when there is none."""
    path, _, attribute = name.partition(":")
    if not attribute:
        if name not in SERVICES:
            raise ImportError(f"there is no service {name!r}; there are {', '.join(SERVICES)}")
        path, attribute = f"services.{name}.service", "SERVICE"
    found: type = getattr(importlib.import_module(path), attribute)
    return found


def serve(name: str) -> int:
    """Run until told to stop. 0: stopped as asked; 1: failed; 2: cannot be started as configured."""
    try:
        settings = configuration.load()
        logs.configure(name, settings.log_level)
        service = load(name)
        # before the port is told to anyone: who knows it may ask for the end at once
        signals = _signal_pipe()
        sock = listen(settings)
    except (configuration.SettingsError, PortTaken, ImportError, AttributeError) as error:
        sys.stderr.write(f"namtot run {name}: {error}\n")
        return 2
    return Process(name, service, settings, sock, signals).run()


class Process:
    def __init__(self, name: str, service: type, settings: configuration.Settings, sock: Any, signals: int) -> None:
        self.name = name
        self.signals = signals
        self.settings = settings
        self.sock = sock
        self.state: str | None = "starting"
        self.asked = Event()
        container.mend()
        self.runner = ServiceRunner({
            "AMQP_URI": settings.amqp_uri,
            "SERVICE_CONTAINER_CLS": "shared.runner.container.Container",
            "serializer": "json",
            "namtot": settings,
        })
        self.runner.add_service(service)

    def run(self) -> int:
        build_info(self.name)
        readiness.register("service", lambda: self.state)
        eventlet.spawn(self._hear_signals, self.signals)
        eventlet.spawn(eventlet.wsgi.server, self.sock, endpoint.application(), log_output=False)
        log.info("listening", port=self.sock.getsockname()[1], pid=os.getpid())
        if not self._wait_for_broker():
            return 0
        ending = eventlet.spawn(self._live)
        return int(ending.wait())

    def _wait_for_broker(self) -> bool:
        """nameko cannot be stopped cleanly while its first connection is still being made, so that is made sure of here."""
        pause = 0.1
        while not self.asked.ready():
            try:
                with Connection(self.settings.amqp_uri, connect_timeout=5) as connection:
                    connection.connect()
                return True
            except BROKEN as error:
                self.state = f"RabbitMQ does not answer ({type(error).__name__})"
                log.warning("broker does not answer", error=repr(error), retry_in=pause)
            with eventlet.Timeout(pause, False):
                self.asked.wait()
            pause = min(pause * 2, 3.0)
        return False

    def _live(self) -> int:
        eventlet.spawn(self._give_up_when_late)
        try:
            # whole, even when the end is asked for meanwhile: nameko cannot stop what has only half started
            self.runner.start()
            self._register_checks()
            self.state = "stopping" if self.asked.ready() else None
            log.info("ready to work")
            eventlet.spawn(self._stop_when_asked)
            self.runner.wait()
        except Exception:
            log.exception("the service failed")
            return 1
        log.info("stopped")
        return 0

    def _register_checks(self) -> None:
        """Batch handlers must be consuming, and whatever has a ``probe`` must pass it."""
        for part in self.runner.containers:
            for entrypoint in part.entrypoints:
                if hasattr(entrypoint, "consuming"):
                    readiness.register(f"queue {entrypoint.queue}", _consuming(entrypoint))
            for provider in part.dependencies:
                if hasattr(provider, "probe"):
                    readiness.register(f"store {provider.attr_name}", provider.probe)

    def _stop_when_asked(self) -> None:
        self.asked.wait()
        self.runner.stop()

    def _give_up_when_late(self) -> None:
        self.asked.wait()
        eventlet.sleep(STOP_SECONDS)
        log.error("did not stop in time; what was in hand goes back to the broker", seconds=STOP_SECONDS)
        os._exit(1)

    def _hear_signals(self, pipe: int) -> None:
        """Signals arrive as bytes in a pipe: a handler proper may not switch greenthreads, and would not wake the hub."""
        while True:
            hubs.trampoline(pipe, read=True)
            for number in os.read(pipe, 64):
                if number not in (signal.SIGTERM, signal.SIGINT):
                    continue
                if self.asked.ready():
                    log.warning("asked twice, ending at once")
                    os._exit(1)
                log.info("asked to stop", signal=signal.Signals(number).name)
                self.state = "stopping"
                self.asked.send(number)


def _consuming(entrypoint: Any) -> readiness.Check:
    return lambda: None if entrypoint.consuming else "not consuming: RabbitMQ or MongoDB is away"


def _signal_pipe() -> int:
    """The end to read from."""
    read, write = os.pipe()
    os.set_blocking(read, False)
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    return read
