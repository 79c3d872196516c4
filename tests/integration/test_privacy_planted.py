"""People planted in every private field, and where the contract refuses them, are looked for wherever something is kept or told.

One run of all services for everything: journal and tables of MongoDB on disk after an fsync (WiredTiger compresses blocks, in
which a name might hide, so every document of every database is read, the oplog too), logs, metrics, events, dead letters, mails.
The broker's own disk is the exception that docs/privacy.md tells of.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from kombu import Connection
from pymongo import MongoClient

from shared import storage
from shared.contracts import TYPES
from shared.messaging import topology
from shared.settings import load
from tests.integration.notification_city import City
from tests.support.eventually import eventually
from tests.support.mail import MailServer
from tests.support.processes import ServiceProcesses
from tests.support.sending import Sender, sender
from tests.support.servers import TestServers
from tests.unit.contracts.events import INBOUND
from tests.unit.contracts.planting import accepted, private_parts, refused, spellings

Document = dict[str, Any]
OWN = "Trịnh Đặng Uyên Thư Kín"
"""A name of this test's own: other tests share the server's disk."""
SPELLED = spellings(OWN, "Trinh Dang Uyen Thu Kin")
EACH = 7
"""Every so many refused ways go through the servers: two or three of each type, another share of its ways for each."""
SERVICES = ("intake", "directory", "evaluation", "notification")


@pytest.fixture
def outside(amqp_uri: str) -> Iterator[Sender]:
    with sender(amqp_uri) as opened:
        yield opened


def test_planted_people_are_found_nowhere_but_under_lock(
    outside: Sender, run_service: ServiceProcesses, settings_env: dict[str, str], amqp_uri: str, servers: TestServers,
    tmp_path: Path,
) -> None:
    together = " / ".join(SPELLED)
    good, bad = list(accepted(together, "good")), list(refused(together, "bad"))[::EACH]
    assert {one.how for one in good} >= set(private_parts()) and len(bad) > 2 * len(TYPES)
    quoted = tmp_path / "quoted"
    quoted.write_text(OWN, encoding="utf-8")
    heard: list[bytes] = []
    with MailServer() as mail, Connection(amqp_uri) as connection, connection.channel() as channel:
        topology.declare(connection)
        queue = channel.queue_declare(exclusive=True).queue
        for service in ("intake", "directory", "evaluation"):
            channel.queue_bind(queue, topology.events_exchange(service).name, "#")
        for owner in SERVICES[1:]:
            channel.queue_bind(queue, topology.DEAD.name, f"{owner}.dead")
        channel.basic_consume(queue, no_ack=True, callback=lambda m: heard.append(m.body + repr(m.headers).encode()))
        city = City(run_service, mail, outside, settings_env, tmp_path)
        sources = tmp_path / "sources.yaml"
        known = sorted({event["source"] for event in INBOUND.values()})
        lines = [f"  - {{source: {one!r}, contact: 'mailto:ops@app.example'}}\n" for one in known]
        sources.write_text("".join(["sources:\n", *lines]))
        # the first event in hand makes its handler fail with an error that quotes the person
        services = city.start(*SERVICES, NAMTOT_FAILPOINT=f"intake.inspected=raise:{quoted}")
        outside.send([one.body for one in good])
        outside.settled(applied=len(good))
        outside.send([one.body for one in bad])
        outside.settled(applied=len(good), refused=len(bad))
        assert not quoted.exists(), "the failing handler was reached"
        eventually(lambda: not any(topology.depths(connection, tuple(topology.QUEUES)).values()), timeout=60)
        eventually(lambda: len(mail.received) > 0, timeout=60)
        metrics = "".join(service.metrics().text for service in services)
        for service in services:
            service.stop()
        while not any(b"event.refused" in body for body in heard):
            connection.drain_events(timeout=30)
        while channel.queue_declare(queue, passive=True).message_count:
            connection.drain_events(timeout=30)
        letters = [str(value) for one in mail.received for value in one.values()]
        letters += [part.get_content() for one in mail.received for part in one.walk() if not part.is_multipart()]
    logs = {service.name: service.log().encode() for service in services}
    assert b"KeyError" in logs["intake"] and b"error handling worker" in logs["intake"]
    seen = [*logs.items(), ("metrics", metrics.encode()), ("event", b"".join(heard)), ("mail", "\n".join(letters).encode())]
    with storage.connect(load(settings_env)) as client:
        seen += list(kept(client, settings_env["NAMTOT_DATABASE_PREFIX"]))
    if servers.mongodb is not None:
        seen += [(str(file), file.read_bytes()) for file in sorted(servers.mongodb.data.rglob("*")) if file.is_file()]
    wanted = [form for name in SPELLED for form in forms(name)]
    assert sorted({where for where, content in seen for form in wanted if form in content}) == []


def forms(name: str) -> Iterator[bytes]:
    """As text, as JSON escapes it, and as base64 holds it, wherever in three bytes it begins."""
    yield name.encode()
    yield name.encode("utf-16-le")
    if not name.isascii():
        yield name.encode("ascii", "backslashreplace")
    for before in range(3):
        yield base64.b64encode(b"\0" * before + name.encode())[4:-4]


def kept(client: MongoClient[Document], prefix: str) -> Iterator[tuple[str, bytes]]:
    """Every document of every database of this run, and the oplog, as bytes."""
    client.admin.command("fsync")
    raw: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)
    for database in (*(name for name in client.list_database_names() if name.startswith(prefix)), "local"):
        for collection in client[database].list_collection_names():
            documents = client[database].get_collection(collection, codec_options=raw).find()
            yield f"{database}.{collection}", b"".join(one.raw for one in documents)
