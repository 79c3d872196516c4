"""The socket that a service listens on, and the file that tells its port."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from shared.runner.port import PortTaken, listen
from shared.settings import Settings


def settings(**more: object) -> Settings:
    return Settings(amqp_uri="amqp://unused.example", mongo_uri="mongodb://unused.example", **more)  # type: ignore[arg-type]


def test_a_free_port_is_taken_and_told(tmp_path: Path) -> None:
    told = tmp_path / "port"
    with listen(settings(port_file=str(told))) as sock:
        assert int(told.read_text()) == sock.getsockname()[1]
        with socket.create_connection(sock.getsockname()):
            pass
    assert [path.name for path in tmp_path.iterdir()] == ["port"]


def test_a_taken_port_is_told_with_what_to_do() -> None:
    with listen(settings()) as sock:
        port = sock.getsockname()[1]
        with pytest.raises(PortTaken, match=f"cannot listen on 127.0.0.1 port {port} .*: set NAMTOT_HTTP_PORT to a free one"):
            listen(settings(http_port=port))


def test_an_address_of_another_machine() -> None:
    with pytest.raises(PortTaken, match=r"cannot listen on 192\.0\.2\.1"):
        listen(settings(http_host="192.0.2.1"))
