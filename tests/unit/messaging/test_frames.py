"""Frames written and read in bulk are the frames that py-amqp writes and reads one by one."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import amqp
import pytest
from amqp.method_framing import frame_writer
from amqp.serialization import dumps
from amqp.transport import TCPTransport
from hypothesis import given
from hypothesis import strategies as st

from shared.messaging import frames

FRAME_MAX = 256
PROPERTIES: dict[str, Any] = {"content_type": "application/json", "application_headers": {"a": 1}, "delivery_mode": 2}


def written_by_library(exchange: str, key: str, body: bytes, mandatory: bool) -> bytes:
    written: list[bytes] = []
    transport = SimpleNamespace(write=lambda data: written.append(bytes(data)))
    connection = SimpleNamespace(frame_max=FRAME_MAX, bytes_sent=0)
    write = frame_writer(connection, transport)
    write(1, 3, (60, 40), dumps("Bssbb", (0, exchange, key, mandatory, False)), amqp.Message(body, **PROPERTIES))
    return b"".join(written)


@given(st.binary(max_size=4 * FRAME_MAX), st.text("abc.", max_size=9), st.text("abc.", max_size=9), st.booleans())
def test_a_message_is_written_as_the_library_writes_it(body: bytes, exchange: str, key: str, mandatory: bool) -> None:
    ours = frames.published(3, exchange, key, frames.properties(**PROPERTIES), body, FRAME_MAX, mandatory)
    theirs = written_by_library(exchange, key, body, mandatory)
    # a body that needs no frame is none to the library too; only where it cuts a long one may differ
    assert joined(ours) == joined(theirs)
    assert all(len(frame) <= FRAME_MAX for frame in split(ours))


def split(data: bytes) -> Iterator[bytes]:
    while data:
        end = 8 + int.from_bytes(data[3:7], "big")
        assert data[end - 1] == 0xCE
        yield data[:end]
        data = data[end:]


def joined(data: bytes) -> list[bytes]:
    """Method frame, header frame, and the whole body."""
    method, header, *bodies = split(data)
    return [method, header, b"".join(frame[7:-1] for frame in bodies)]


@pytest.fixture
def line() -> Iterator[tuple[socket.socket, Any, list[tuple[int, int, bytes]]]]:
    """The broker's end of a socket, a connection at the other end, and the frames that it was given to handle."""
    broker, ours = socket.socketpair()
    transport = TCPTransport("nowhere")
    transport.sock = ours
    transport._setup_transport()
    handled: list[tuple[int, int, bytes]] = []
    yield broker, SimpleNamespace(transport=transport, on_inbound_frame=handled.append), handled
    broker.close()
    ours.close()


FRAMES = [(1, 1, b"method"), (2, 1, b"header"), (3, 1, b"x" * 500), (8, 0, b"")]
WIRE = b"".join(frames._framed(*frame) for frame in FRAMES)


@pytest.mark.parametrize("cut", range(0, len(WIRE), 37))
def test_frames_are_handled_when_they_are_whole(line: tuple[socket.socket, Any, list[Any]], cut: int) -> None:
    broker, connection, handled = line
    for part in filter(None, (WIRE[:cut], WIRE[cut:])):
        broker.sendall(part)
        frames.handle_arrived(connection, timeout=5)
    assert handled == FRAMES


def test_what_is_incomplete_is_left_to_the_library(line: tuple[socket.socket, Any, list[Any]]) -> None:
    """A command's answer is awaited by py-amqp itself: it must find the beginning of what was read too far."""
    broker, connection, handled = line
    broker.sendall(WIRE[:-3])
    frames.handle_arrived(connection, timeout=5)
    broker.sendall(WIRE[-3:])
    assert handled == FRAMES[:3]
    assert connection.transport.read_frame() == FRAMES[3]


def test_a_frame_whose_handling_fails_is_not_handled_twice(line: tuple[socket.socket, Any, list[Any]]) -> None:
    broker, connection, handled = line

    def fail(frame: tuple[int, int, bytes]) -> None:
        handled.append(frame)
        raise amqp.exceptions.ConsumerCancelled("tag", (60, 20))

    connection.on_inbound_frame = fail
    broker.sendall(WIRE)
    with pytest.raises(amqp.exceptions.ConsumerCancelled):
        frames.handle_arrived(connection, timeout=5)
    connection.on_inbound_frame = handled.append
    broker.sendall(WIRE)
    frames.handle_arrived(connection, timeout=5)
    assert handled == FRAMES * 2


def test_silence_and_the_end_are_told_apart(line: tuple[socket.socket, Any, list[Any]]) -> None:
    broker, connection, _ = line
    with pytest.raises(TimeoutError):
        frames.handle_arrived(connection, timeout=0)
    with pytest.raises(TimeoutError):
        frames.handle_arrived(connection, timeout=0.01)
    broker.shutdown(socket.SHUT_RDWR)
    with pytest.raises(OSError, match="closed"):
        frames.handle_arrived(connection, timeout=5)
