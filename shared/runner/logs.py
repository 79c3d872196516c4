"""Structured logs on standard error: one JSON object a line, or coloured text when a person watches.

No bodies and no names: errors are written as their kind, where they happened and a shortened message. The texts of database
errors are left out, for they can hold whole documents.
"""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

LONGEST = 300


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
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for chatty in ("amqp", "pymongo", "httpx", "uvicorn.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


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


def message_of(error: BaseException) -> str:
    if type(error).__module__.startswith(("pymongo.", "bson.")):
        return f"code {getattr(error, 'code', None)}"
    text = str(error)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
