"""AMQP 0-9-1 frames by the thousand. py-amqp makes several system calls for each message that it writes or reads; in a batch
those cost more than the messages. Here a batch is written, and whatever has arrived is read, in a few calls.

Spec: AMQP 0-9-1, 2.3.5 (frames), 1.8.3.7 (basic.publish). Connecting, commands and closing stay with py-amqp.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import Any

import amqp
from amqp.serialization import dumps

METHOD, HEADER, BODY, END = 1, 2, 3, b"\xce"
BASIC, PUBLISH = 60, 40
READ_AT_ONCE = 65_536
_frame = struct.Struct(">BHI")
_size = struct.Struct(">HHQ")
_method = struct.Struct(">HH")


def _framed(kind: int, channel: int, payload: bytes) -> bytes:
    return _frame.pack(kind, channel, len(payload)) + payload + END


@lru_cache(maxsize=256)
def _publish_method(channel: int, exchange: str, routing_key: str, mandatory: bool) -> bytes:
    arguments: bytes = dumps("Bssbb", (0, exchange, routing_key, mandatory, False))
    return _framed(METHOD, channel, _method.pack(BASIC, PUBLISH) + arguments)


def properties(**given: Any) -> bytes:
    """A message's properties as they stand in its header frame."""
    encoded: bytes = amqp.Message("", **given)._serialize_properties()
    return encoded


def published(
    channel: int, exchange: str, routing_key: str, encoded: bytes, body: bytes, frame_max: int, mandatory: bool = False
) -> bytes:
    """The frames that publish one message. ``encoded``: its ``properties``; ``frame_max``: as agreed with the broker."""
    most = frame_max - _frame.size - len(END)
    parts = [
        _publish_method(channel, exchange, routing_key, mandatory),
        _framed(HEADER, channel, _size.pack(BASIC, 0, len(body)) + encoded),
    ]
    parts += [_framed(BODY, channel, body[at:at + most]) for at in range(0, len(body), most)]
    return b"".join(parts)


def handle_arrived(connection: Any, timeout: float) -> None:
    """Read once from the socket and let py-amqp handle every complete frame; an incomplete one stays in py-amqp's own buffer.

    ``connection``: py-amqp's. Raise ``TimeoutError`` when nothing came for ``timeout`` seconds, else whatever a frame's handling
    raises.
    """
    transport = connection.transport
    with transport.having_timeout(timeout):
        arrived = transport._quick_recv(READ_AT_ONCE)
    if not arrived:
        raise OSError("the broker closed the connection")
    data: bytes = transport._read_buffer + arrived
    handle = connection.on_inbound_frame
    at, end = 0, len(data)
    try:
        while end - at >= _frame.size:
            kind, channel, size = _frame.unpack_from(data, at)
            after = at + _frame.size + size + len(END)
            if after > end:
                break
            payload = data[at + _frame.size:after - len(END)]
            at = after
            handle((kind, channel, payload))
    finally:
        transport._read_buffer = data[at:]
