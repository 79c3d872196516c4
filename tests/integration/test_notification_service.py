"""From an event that a system publishes to a mail in a mailbox: intake, directory and two instances of notification, real SMTP.

The services run for the whole module; each test has cases and sources of its own.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator

import pytest

from shared.contracts import record_id, write
from shared.contracts.outgoing import VERDICT_CHANGED, VerdictChanged
from shared.messaging import Outgoing
from shared.storage import connect, database
from tests.integration.notification_city import APP, MEDIATOR, OFFICE, OPERATOR, TEAM, UNIT, WARD, City, case, cases
from tests.support.eventually import eventually
from tests.support.mail import MailServer
from tests.support.processes import ServiceProcesses
from tests.support.responder import Responder
from tests.support.sending import PLANTED, event, sender
from tests.support.servers import TestServers


@pytest.fixture(scope="module")
def town(servers: TestServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    directory, uri, prefix = tmp_path_factory.mktemp("town"), servers.fresh_vhost(), f"t{secrets.token_hex(4)}"
    environ = servers.environ(uri, prefix)
    with MailServer() as mail, ServiceProcesses(environ, directory) as run, sender(uri) as publishing:
        city = City(run, mail, publishing, environ, directory)
        city.start("intake", "directory", "notification", "notification")
        city.know_the_ward()
        yield city
    servers.done_with(uri)
    servers.drop_databases(prefix)


@pytest.fixture
def run(town: City) -> Iterator[str]:
    """A name for this test's cases. The mail server is as ever afterwards, however the test ends."""
    yield f"v{secrets.token_hex(3)}"
    town.mail.refuse, town.mail.delay = (lambda address: None), 0.0
    town.mail.up()


def test_the_assigned_mediator_is_told_once_under_duplicates_and_two_instances(town: City, run: str) -> None:
    """Each event comes three times, two instances compete, then everything is announced and sent once more."""
    for body in cases(run, 5):
        town.sender.send([body] * 3)
    town.told(run, 5)
    town.sender.settled()
    town.sender.ask("announce")
    town.sender.send(cases(run, 5))
    town.sender.settled()
    # what would be told again is told before this one
    town.sender.send(case(f"{run}-last"))
    town.told(run, 6)
    assert town.mails(run) == [*(f"{run}-{k}" for k in range(5)), f"{run}-last"]
    body = next(m for m in town.mail.to(MEDIATOR) if f"{run}-0" in m["Subject"]).get_content()
    assert body.startswith(f"UBND phường Bồ Đề: Ông/Bà được phân công hòa giải vụ việc {run}-0 ngày 11/11/2024.")
    assert "trước hết ngày 14/11/2024" in body
    shown = town.ask("deliveries", limit=3)
    assert shown["total"] >= 6 and len(shown["items"]) == 3 and "@" not in json.dumps(town.items())


def test_no_partys_name_is_in_any_mail_log_or_metric(town: City, run: str) -> None:
    source = f"{APP}{run}"
    town.sender.send(
        [
            *cases(run, 3),
            event("case.reported", f"{run}-bad-1", source=source, dispute="no such kind"),
            event("case.reported", f"{run}-bad-2", source=source, team=PLANTED * 20),
            event(
                "case.settled", f"{run}-bad-3", source=source, on="2024-11-20", private={"agreement": PLANTED, "name": PLANTED}
            ),
            event("case.settled", f"{run}-bad-4", source=source, on="2024-11-20", written=PLANTED),
            event("case.reported", f"{run}-bad-5", source=source, on="2099-01-01"),
        ]
    )
    town.told(run, 3)
    told = eventually(lambda: [m for m in town.mail.to(OPERATOR) if source in m.get_content()], timeout=30)
    assert "5 sự kiện" in told[0]["Subject"]
    seen = "\n".join(f"{m.items()}\n{m.get_content()}" for m in town.mail.received) + json.dumps(town.items(), ensure_ascii=False)
    logs = "".join(service.log() for service in town.run.started)
    seen += logs + "".join(service.metrics().text for service in town.run.started)
    for word in (PLANTED, PLANTED.split()[-1], "0900000000", "tranh chấp ngõ đi", "Trần Thị Hòa Giải"):
        assert word not in seen
    assert MEDIATOR not in logs and OFFICE not in logs


def test_the_mail_server_goes_away_and_comes_back(town: City, run: str) -> None:
    """Nothing is lost, nothing counts as failed, nothing is told twice, and events are taken in all the while."""
    instances = [s for s in town.run.started if s.name == "notification"]
    town.mail.down()
    town.sender.send(cases(run, 20))
    mine = {record_id(f"case://bode.example/vu-viec/{run}-{k}") for k in range(20)}
    eventually(lambda: mine <= {i["about"] for i in town.items() if i["state"] in ("waiting", "sending")}, timeout=30)

    def noticed() -> bool:
        seen = [s.metrics() for s in instances]
        return sum(m.value("namtot_notification_deliveries_total", outcome="postponed") for m in seen) >= 2 and all(
            m.value("namtot_notification_pending_deliveries") >= 20 for m in seen
        )

    eventually(noticed, timeout=30)
    assert all(s.get("/health/ready").status_code == 200 for s in instances)
    town.mail.up()
    town.told(run, 20)
    eventually(lambda: all(i["state"] == "sent" for i in town.items() if i["about"] in mine), timeout=30)
    assert len(town.mails(run)) == 20


def test_a_slow_mail_server_keeps_no_event_waiting(town: City, run: str) -> None:
    town.mail.delay = 3.0
    try:
        town.sender.send(case(f"{run}-first"))
        eventually(lambda: town.ask("totals")["sending"] >= 1, timeout=30)
        town.sender.send(cases(run, 28))
        eventually(lambda: town.ask("totals")["pending"] >= 26, timeout=30)
        assert len(town.mails(run)) <= 6
        assert all(s.get("/health/ready").status_code == 200 for s in town.run.started)
    finally:
        town.mail.delay = 0.0
    town.told(run, 29)
    assert len(town.mails(run)) == 29


def test_the_vaults_contact_else_the_office(town: City, run: str) -> None:
    town.sender.send([*case(f"{run}-52", "hgv/52"), *case(f"{run}-51", "hgv/51"), *case(f"{run}-99", "hgv/99")])
    town.told(run, 3)
    to_office = {m["Subject"].rsplit(" ", 1)[-1] for m in town.mail.to(OFFICE)}
    assert {f"{run}-51", f"{run}-99"} <= to_office and f"{run}-52" not in to_office


def test_a_mailbox_that_does_not_exist_fails_and_says_why(town: City, run: str) -> None:
    town.mail.refuse = lambda address: f"550 5.1.1 <{address}> unknown" if address.startswith("gone") else None
    town.sender.send(case(run, "hgv/50"))
    about = record_id(f"case://bode.example/vu-viec/{run}")
    item = eventually(lambda: next(i for i in town.items() if i["about"] == about and i["state"] == "failed"), timeout=30)
    assert (item["attempts"], item["reason"]) == (1, "the mail server answered 550 5.1.1")


def test_an_assignment_that_is_taken_back_before_it_was_told_is_told_to_nobody(town: City, run: str) -> None:
    town.mail.down()
    town.sender.send([*case(f"{run}-back"), *case(f"{run}-kept")])
    back, kept = (record_id(f"case://bode.example/vu-viec/{run}-{name}") for name in ("back", "kept"))
    eventually(lambda: {back, kept} <= {i["about"] for i in town.items()}, timeout=30)
    town.sender.send(
        [
            event(
                "record.withdrawn",
                f"{run}-w",
                f"case://bode.example/vu-viec/{run}-back",
                source=WARD,
                on="2024-11-12",
                reason="nhầm",
                target={"source": WARD, "id": f"{run}-back-2"},
            )
        ]
    )
    with connect(town.settings) as client:
        held = database(client, town.settings, "notification")["cases"]
        eventually(lambda: held.find_one({"_id": back})["assignment"] is None, timeout=30)  # type: ignore[index]
    town.mail.up()
    town.told(run, 1)
    eventually(lambda: {i["state"] for i in town.items() if i["about"] == back} == {"dropped"}, timeout=30)
    assert town.mails(run) == [f"{run}-kept"]


def test_danger_in_a_case_is_told_to_the_office_at_once_without_a_name(town: City, run: str) -> None:
    """Before the mails that waited already, once however often it is raised, and not where it was a mistake."""
    town.mail.down()
    town.sender.send(cases(run, 8))
    raised = [f"{run}-danger", f"{run}-mistake"]
    for number in raised:
        subject = f"case://bode.example/vu-viec/{number}"
        told = {"source": WARD, "on": "2024-11-08"}
        town.sender.send([
            event("case.reported", f"{number}-1", subject, **told, team=TEAM, private={"parties": [{"name": PLANTED}]}),
            event("case.danger-raised", f"{number}-2", subject, **told, urgent=["domestic_violence"]),
            event("case.danger-raised", f"{number}-3", subject, **told, urgent=["domestic_violence"]),
        ])
    danger, mistake = (record_id(f"case://bode.example/vu-viec/{number}") for number in raised)
    eventually(lambda: {danger, mistake} <= {i["about"] for i in town.items()}, timeout=30)
    town.sender.send([
        event("record.withdrawn", f"{run}-w{k}", f"case://bode.example/vu-viec/{run}-mistake", source=WARD, on="2024-11-12",
              reason="nhầm", target={"source": WARD, "id": f"{run}-mistake-{k}"})
        for k in (2, 3)
    ])
    with connect(town.settings) as client:
        held = database(client, town.settings, "notification")["cases"]
        eventually(lambda: held.find_one({"_id": mistake})["urgent"] == [], timeout=30)  # type: ignore[index]
    before = len(town.mail.received)
    town.mail.up()
    town.told(run, 8)
    eventually(lambda: {i["state"] for i in town.items() if i["about"] == mistake} == {"dropped"}, timeout=30)
    urgent = [mail for mail in town.mail.received[before:] if mail["Subject"].startswith("KHẨN")]
    assert [mail["Subject"] for mail in urgent] == [f"KHẨN: vụ việc {run}-danger có bạo lực gia đình"]
    assert urgent[0]["To"] == OFFICE and PLANTED not in urgent[0].get_content()
    assert town.mail.received[before:].index(urgent[0]) <= 2, "it does not wait behind the others"


def test_the_source_of_refused_events_gets_one_mail(town: City, run: str) -> None:
    source, stranger = f"{APP}{run}", f"https://stranger.example/{run}"
    bad = [event("case.settled", f"bad-{k}", source=source, on="2024-11-20", written="yes") for k in range(300)]
    town.sender.send([*bad, *bad, event("case.settled", "bad", source=stranger, on="2024-11-20", written="yes")])
    states = {source: "sent", stranger: "dropped"}
    eventually(lambda: {i["about"]: i["state"] for i in town.items() if i["about"] in states} == states, timeout=30)
    (mail,) = [m for m in town.mail.to(OPERATOR) if source in m.get_content()]
    assert mail["Subject"] == "300 sự kiện không được tiếp nhận"
    assert "data.written" in mail.get_content() and "và 290 sự kiện khác" in mail.get_content()


def test_the_team_hears_what_it_lacks_once_per_change(town: City) -> None:
    explanation = {
        "id": "hanoi-v2",
        "duty": "team",
        "changes": [],
        "children": [
            {
                "id": "v2-5",
                "duty": "team",
                "changes": [{"code": "meetings.year.missing", "vi": "Chưa có biên bản họp năm", "en": "x"}],
            },
            {"id": "v2-4", "duty": "commune", "changes": [{"code": "funding.late", "vi": "Chưa chi thù lao", "en": "x"}]},
        ],
    }
    (team,) = town.sender.rpc.call("directory", "teams", on="2024-06-01")

    def verdict(generation: int, *lacking: str) -> Outgoing:
        data = VerdictChanged(
            team=team["code"],
            unit=UNIT,
            scheme="hanoi-v2",
            year=2024,
            generation=generation,
            verdict="not_met",
            lacking=list(lacking),
        )
        return Outgoing(
            "evaluation.events",
            VERDICT_CHANGED,
            write(
                type=VERDICT_CHANGED,
                source="namtot://evaluation",
                id=str(generation),
                subject=team["code"],
                data=data,
            ),
        )

    def heard(count: int) -> list[str]:
        return eventually(
            lambda: (
                found
                if len(found := [m.get_content() for m in town.mail.to(OFFICE) if m["Subject"].startswith(f"{TEAM}: còn thiếu")])
                == count
                else None
            ),
            timeout=30,
        )

    with Responder(town.settings.amqp_uri, {"evaluation.explain": explanation}):
        town.sender.publisher.publish([verdict(1, "meetings.year.missing")] * 3)
        heard(1)
        town.sender.publisher.publish([verdict(2, "meetings.year.missing"), verdict(3, "funding.late", "meetings.year.missing")])
        first, second = heard(2)
    assert first.startswith(f"UBND phường Bồ Đề gửi {TEAM}.") and "Chưa đạt" in first
    assert "- Chưa có biên bản họp năm" in first and "Chưa chi thù lao" not in first
    assert "- Chưa chi thù lao (việc của UBND, không phải lỗi của tổ)" in second


def test_what_it_cannot_read_is_kept(town: City) -> None:
    town.sender.publisher.publish(
        [
            Outgoing("intake.events", "vn.namtot.intake.case.changed.v1", b"{"),
            Outgoing("directory.events", "vn.namtot.directory.new.v1", b'{"type": "vn.namtot.directory.new.v1", "data": {}}'),
            Outgoing(
                "evaluation.events", VERDICT_CHANGED, b'{"type": "vn.namtot.evaluation.verdict.changed.v1", "data": {"team": 5}}'
            ),
            Outgoing("namtot.dead", "notification.dead", b"took the process down"),
        ]
    )
    with connect(town.settings) as client:
        unread = database(client, town.settings, "notification")["unread"]
        eventually(lambda: unread.count_documents({}) == 4, timeout=30)
        assert sorted(d["code"] for d in unread.find()) == ["crashed", "data", "unknown_type", "unreadable"]
