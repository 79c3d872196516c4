"""A RabbitMQ node of our own, run from the system's package as an own node: own name, own epmd, own ports, own directories.

Environment variables: https://www.rabbitmq.com/docs/configure#supported-environment-variables
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import amqp

from deploy.local import packages, ports
from deploy.local.background import Background, poll
from deploy.local.errors import LocalServersError
from deploy.local.server import Say, Server, silent

# Debian's /usr/sbin/rabbitmq-server changes to the user rabbitmq; the scripts behind it run as whoever calls them
BINARIES = (Path("/usr/lib/rabbitmq/bin"), Path("/opt/rabbitmq/sbin"))


def binaries(say: Say = silent) -> Path:
    """The directory of rabbitmq-server and rabbitmqctl, after installing the package where that is possible."""

    def find() -> Path | None:
        return next((path for path in BINARIES if (path / "rabbitmq-server").exists()), None)

    found = find()
    if found is None:
        packages.install(["rabbitmq-server"], "RabbitMQ", "set AMQP_URI to a running RabbitMQ", say)
        found = find()
    if found is None:
        raise LocalServersError(
            "The package rabbitmq-server is installed but /usr/lib/rabbitmq/bin/rabbitmq-server is missing: "
            "set AMQP_URI to a running RabbitMQ instead."
        )
    return found


class RabbitMQ(Server):
    name = "rabbitmq"
    title = "RabbitMQ"
    port_names = ("amqp", "distribution", "epmd")

    def __init__(self, home: Path, *, guarded: bool = False, say: Say = silent) -> None:
        super().__init__(home, guarded=guarded, say=say)
        self.epmd = Background("epmd", self.home, guarded=guarded)

    @property
    def uri(self) -> str:
        """The vhost ``/``."""
        return self.vhost_uri("")

    def vhost_uri(self, vhost: str) -> str:
        return f"amqp://guest:guest@{ports.LOOPBACK}:{self.port('amqp')}/{vhost}"

    @property
    def node(self) -> str:
        """Chosen once: the data directory carries it, so a moved checkout must keep it."""
        known = self.state.read().get("node")
        if not isinstance(known, str):
            known = self.state.update(node=f"namtot-{secrets.token_hex(4)}@localhost")["node"]
        return str(known)

    def command(self) -> Sequence[str]:
        return [str(binaries(self.say) / "rabbitmq-server")]

    def environ(self) -> Mapping[str, str]:
        here = self.home
        return {
            "HOME": str(here),  # of the Erlang cookie
            "RABBITMQ_NODENAME": self.node,
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_CONFIG_FILE": str(here / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(here / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(here / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(here / "data"),
            "RABBITMQ_LOG_BASE": str(here / "log"),
            "RABBITMQ_DIST_PORT": str(self.port("distribution")),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "ERL_EPMD_ADDRESS": ports.LOOPBACK,
            "ERL_EPMD_PORT": str(self.port("epmd")),
            "ERL_CRASH_DUMP": str(here / "erl_crash.dump"),
            # the start script then becomes the server by exec instead of waiting for it: one process, one pid
            "RUNNING_UNDER_SYSTEMD": "true",
        }

    def configure(self) -> None:
        (self.home / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = {ports.LOOPBACK}:{self.port('amqp')}\n"
            "log.file = rabbit.log\nlog.file.rotation.size = 10485760\nlog.file.rotation.count = 3\n"
        )
        for empty in ("advanced.config", "enabled_plugins"):
            (self.home / empty).write_text("[].\n")

    def before_launch(self) -> None:
        # our own and in the foreground, so that it can be stopped; else Erlang would start one that nobody stops
        epmd = shutil.which("epmd") or "/usr/bin/epmd"
        port = self.port("epmd")
        self.epmd.launch([epmd, "-port", str(port), "-address", ports.LOOPBACK], os.environ)
        if not poll(lambda: not ports.free(port), 10):
            raise LocalServersError(f"Erlang's port mapper did not start: {self.epmd.last_lines()}")

    def after_stop(self) -> None:
        self.epmd.stop(grace=5)
        port = self.state.read().get("epmd")
        if isinstance(port, int) and not ports.free(port):
            # RabbitMQ starts another port mapper when ours dies: one of that sort, knowing no node, is ended too
            _end_port_mapper(port)

    def answers(self, timeout: float) -> bool:
        connection = amqp.Connection(
            f"{ports.LOOPBACK}:{self.port('amqp')}",
            "guest",
            "guest",
            connect_timeout=timeout,
            read_timeout=timeout,
            write_timeout=timeout,
        )
        try:
            connection.connect()
            connection.close()
        except (OSError, amqp.AMQPError):
            return False
        return True

    def wipe(self) -> None:
        shutil.rmtree(self.home / "data", ignore_errors=True)

    def port_taken(self) -> bool:
        said = self.process.said()
        return "eaddrinuse" in said or "already in use" in said

    # -- virtual hosts, for tests

    def evaluate(self, erlang: str) -> str:
        """Run an Erlang expression in the node; about a third of a second."""
        environ = {
            **os.environ,
            **self.environ(),
            "RABBITMQ_CTL_DIST_PORT_MIN": "15000",
            "RABBITMQ_CTL_DIST_PORT_MAX": "65000",
        }
        done = subprocess.run(
            [str(binaries() / "rabbitmqctl"), "eval", erlang],
            env=environ,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode != 0:
            raise LocalServersError(f"rabbitmqctl eval failed: {(done.stderr or done.stdout).strip()}")
        return done.stdout.strip()

    def settle(self) -> None:
        """Have new quorum queues written down before a test kills the broker.

        RabbitMQ 3.10 keeps the directory of its quorum queues in memory for half a second; killed in that time, it comes back
        with a queue that times out for ever.
        """
        self.evaluate("[dets:sync(Table) || Table <- dets:all()], ok.")

    def renew_vhosts(self, remove: Sequence[str], add: Sequence[str]) -> None:
        """Delete some vhosts and create others, on which guest has full rights, in one call."""
        by = '<<"namtot">>'
        names = {"remove": _binaries(remove), "add": _binaries(add)}
        self.evaluate(
            f"[rabbit_vhost:delete(V, {by}) || V <- {names['remove']}],"
            f"[begin ok = rabbit_vhost:add(V, {by}),"
            f' ok = rabbit_auth_backend_internal:set_permissions(<<"guest">>, V, <<".*">>, <<".*">>, <<".*">>, {by})'
            f" end || V <- {names['add']}], ok."
        )


def _binaries(names: Sequence[str]) -> str:
    return "[" + ",".join(f'<<"{name}">>' for name in names) + "]"


def _end_port_mapper(port: int) -> None:
    """What ``epmd -kill`` does, after asking whether it is one: https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html"""
    try:
        with socket.create_connection((ports.LOOPBACK, port), timeout=2) as mapper:
            mapper.sendall(b"\x00\x01n")
            if int.from_bytes(mapper.recv(4), "big") != port:
                return
        with socket.create_connection((ports.LOOPBACK, port), timeout=2) as mapper:
            mapper.sendall(b"\x00\x01k")
            mapper.recv(2)
    except OSError:
        return  # it went meanwhile, or speaks another protocol: not ours to end
