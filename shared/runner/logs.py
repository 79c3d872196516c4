"""Structured logs on standard error: one JSON object a line, or coloured text when a person watches.

No bodies and no names: errors are written as their kind, where they happened and a shortened message. The texts of database
errors are left out, for they can hold whole documents; of other errors, what stands in quotation marks.
"""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from shared.quiet import message_of


def configure(service: str, level: str = "INFO") -> None:
    """For structlog and for the standard library's loggers, which nameko, kombu and uvicorn use. Once per process."""
    watched = sys.stderr.isatty()
    both: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        lambda _logger, _method, event: {**event, "service": service},
        errors,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level, structlog.stdlib.PositionalArgumentsFormatter(), *both,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(), cache_logger_on_first_use=True,
    )
    last: Processor = structlog.dev.ConsoleRenderer() if watched else structlog.processors.JSONRenderer(ensure_ascii=False)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=both, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    ))
    handler.addFilter(_without_data)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for chatty in ("amqp", "pymongo", "httpx", "uvicorn.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _without_data(record: logging.LogRecord) -> bool:
    """Libraries put an error into their sentence, as nameko does: "error handling worker %s: %s"."""
    if isinstance(record.args, tuple):
        record.args = tuple(message_of(one) if isinstance(one, BaseException) else one for one in record.args)
    return True


def errors(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace ``exc_info`` by ``error``: a list from the error itself to its first cause."""
    info: Any = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if not isinstance(error, BaseException):
        return event
    chain: list[dict[str, Any]] = []
    while error is not None and len(chain) < 5:
        frames = traceback.extract_tb(error.__traceback__)[-8:]
        chain.append({
            "kind": type(error).__name__,
            "message": message_of(error),
            "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
        })
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return {**event, "error": chain}

