"""nameko's container and its queue consumer, mended where a broker that comes and goes would end or slow the service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import amqp
import structlog
from eventlet import GreenPool
from kombu.exceptions import OperationalError
from nameko.containers import ServiceContainer
from nameko.messaging import QueueConsumer

log = structlog.get_logger(__name__)

BROKEN: tuple[type[BaseException], ...] = (OSError, amqp.exceptions.AMQPError, OperationalError)


class Container(ServiceContainer):
    """Two differences from nameko 2.14:

    - a reply that cannot be sent because the broker is away does not end the service. The question was not acknowledged, so the
      broker hands it out again; nameko would kill the container;
    - RPC cannot take the workers that batches and timers need: it holds at most ``max_workers`` messages, and the pool has
      room for one more of every entrypoint.
    """

    def __init__(self, service_cls: type, config: dict[str, Any]) -> None:
        super().__init__(service_cls, config)
        self._worker_pool = GreenPool(size=self.max_workers + len(self.entrypoints))

    def _handle_worker_thread_exited(self, gt: Any, worker_ctx: Any) -> None:
        self._worker_threads.pop(worker_ctx, None)
        self._forgive(gt, str(worker_ctx))

    def _handle_managed_thread_exited(self, gt: Any, extension: str) -> None:
        self._managed_threads.pop(gt, None)
        if ".handle_message[" in extension:
            self._forgive(gt, extension)
        else:
            self._handle_thread_exited(gt)

    def _forgive(self, gt: Any, what: str) -> None:
        try:
            gt.wait()
        except BROKEN as error:
            log.warning("no reply could be sent, the broker will ask again", worker=what, error=repr(error))
        except BaseException:  # noqa: BLE001 (nameko's own handler deals with it)
            self._handle_thread_exited(gt)


@contextmanager
def _establish_connection(self: Any) -> Iterator[Any]:
    """As kombu's, but trying again after 0.2 to 3 seconds rather than 2 to 30: queries should be back when the broker is."""
    with self.connection.clone() as connection:
        connection.ensure_connection(
            self.on_connection_error, self.connect_max_retries, interval_start=0.2, interval_step=0.4, interval_max=3
        )
        yield connection


def mend() -> None:
    QueueConsumer.establish_connection = _establish_connection
