"""A case in which somebody is in danger, from the first word to the agreement, through the real broker and store."""

from __future__ import annotations

import json

from kombu import Connection

from shared.contracts import record_id
from shared.messaging import topology
from tests.support.processes import ServiceProcesses
from tests.support.sending import SOURCE, event, sender

CASE = "case://so.example/khan-1"


def test_danger_goes_through_the_urgent_queue_is_announced_and_bars_a_joint_session(
    run_service: ServiceProcesses, amqp_uri: str
) -> None:
    intake = run_service("intake")
    with sender(amqp_uri) as outside, Connection(amqp_uri) as connection, connection.channel() as channel:
        queue = channel.queue_declare(exclusive=True).queue
        channel.queue_bind(queue, topology.events_exchange("intake").name, "vn.namtot.intake.case.changed.v1")
        heard: list[dict[str, object]] = []
        channel.basic_consume(queue, no_ack=True, callback=lambda m: heard.append(json.loads(m.body)["data"]["state"]))
        # the urgent word overtakes its report: it is kept, and told as soon as there is a case
        raised = event("case.danger-raised", "d", CASE, on="2024-03-05", urgent=["domestic_violence"], told=["team_leader"])
        outside.send([raised], urgent=True)
        outside.settled(applied=1, parked=1)
        outside.send([event("case.reported", "r", CASE)])
        outside.settled(applied=2, parked=0)
        while not any(state.get("urgent") == ["domestic_violence"] for state in heard):
            connection.drain_events(timeout=30)
        outside.send([
            event("case.assigned", "a", CASE, on="2024-03-06", mediator="hgv-1"),
            event("case.recused", "x", CASE, on="2024-03-07", mediator="hgv-1", reason_code="kinship"),
            event("case.assigned", "b", CASE, on="2024-03-08", mediator="hgv-2"),
            event("case.mediation-held", "h", CASE, on="2024-03-09", form="joint"),
            event("record.corrected", "c", CASE, on="2024-03-10", target={"source": SOURCE, "id": "h"},
                  of="vn.namtot.case.mediation-held.v1", data={"on": "2024-03-09", "form": "joint", "victim_consented": True},
                  reason="Đã có đồng ý bằng văn bản, ghi thiếu", by="cb/3"),
            event("case.settled", "s", CASE, on="2024-03-12", written=True, items=["parties", "agreement"]),
        ])
        outside.settled(applied=8)
        answer = outside.ask("case", id=record_id(CASE))
        assert outside.ask("flow")["by_type"]["case.danger-raised"] == {"applied": 1}
    state = answer["state"]
    assert (state["status"], state["mediator"], state["safety"]["separate_only"]) == ("settled", "hgv-2", True)
    # the session as it was first written down was flagged, and is not any more
    assert [flag["code"] for flag in state["flags"]] == ["settlement_incomplete", "written_up_late"]
    held = next(one for one in answer["entries"] if one["id"] == "h")
    assert (held["by"], held["reason"]) == ("cb/3", "Đã có đồng ý bằng văn bản, ghi thiếu")
    assert len(answer["entries"]) == 8 and '"private"' not in json.dumps(answer["entries"])
    assert "Traceback" not in intake.log()
