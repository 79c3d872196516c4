"""What mediators have in hand, and a month of many units: who sees it, and what it does not say."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from services.gateway.identity.policy import Where, opens
from services.gateway.rpc import NoAnswer
from shared.people import Held
from tests.support import canned_records as records
from tests.support.canned import WARDS, teams_of
from tests.support.site import TODAY, Elements, Site
from tests.unit.gateway.test_counted import OTHER, UNIT, links, site

OFFICER = Held("justice_officer", unit=UNIT)
TEAM = teams_of(UNIT)[0]["code"]


class TestWorkload:
    def test_by_reference_in_the_order_given_with_a_hint_and_no_rank(self, tmp_path: Path) -> None:
        here = site(tmp_path, OFFICER)
        text = here.get("/workload").text
        assert dict(here.rpc.asked)["evaluation.workload"] == {"year": 2026, "unit": UNIT, "team": None}
        rows = [part.split("</code>")[0] for part in text.split('<th scope="row"><code>')[1:]]
        assert rows == ["hgv/1", "hgv/2", "hgv/3", "hgv/4"] * 2
        assert text.count("Đang giữ ít vụ việc nhất: <code>hgv/2</code>") == 2 and "2 vụ việc chưa ai nhận" in text
        assert text.count("Không còn ở tổ") == 2 and records.CASE not in text
        assert here.get("/workload").headers["cache-control"] == "no-store"

    def test_a_leader_sees_the_own_team(self, tmp_path: Path) -> None:
        here = site(tmp_path, Held("team_leader", team=TEAM))
        assert here.get("/workload").status_code == 200
        assert dict(here.rpc.asked)["evaluation.workload"] == {"year": 2026, "unit": None, "team": TEAM}
        assert here.get(f"/workload?team={teams_of(OTHER)[0]['code']}").status_code == 404
        assert here.get(f"/workload?unit={UNIT}").status_code == 404

    @pytest.mark.parametrize("role", [
        Held("justice_officer", unit=OTHER), Held("mediator", team=TEAM), Held("front", unit=UNIT), Held("city_department"),
        Held("operator"), Held("emulation_officer", unit=UNIT), Held("chair", unit=UNIT, last=TODAY.date() - dt.timedelta(1)),
    ])
    def test_nobody_else_does(self, role: Held) -> None:
        assert not opens("workload", [role], Where(UNIT, TEAM), TODAY.date())
        assert opens("workload", [role, OFFICER], Where(UNIT, TEAM), TODAY.date())

    def test_another_commune_and_the_city_are_turned_away(self, tmp_path: Path) -> None:
        for role, status in ((Held("chair", unit=OTHER), 404), (Held("city_department"), 403)):
            here = site(tmp_path, role)
            assert here.get(f"/workload?unit={UNIT}").status_code == status
            assert "evaluation.workload" not in dict(here.rpc.asked)

    def test_a_role_of_another_kind_held_there_does_not_open_it(self, tmp_path: Path) -> None:
        here = site(tmp_path, Held("mediator", team=TEAM), Held("team_leader", team=teams_of(UNIT)[1]["code"]))
        assert here.get(f"/workload?team={TEAM}").status_code == 404

    def test_it_is_not_there_where_nobody_signs_in(self) -> None:
        here = Site()
        assert here.get(f"/workload?unit={UNIT}").status_code == 404 and "evaluation.workload" not in dict(here.rpc.asked)
        assert not links(here.get("/standing").text, "/workload") and not links(here.get(f"/teams/{TEAM}").text, "/workload")

    def test_its_teams_lead_there(self, tmp_path: Path) -> None:
        here = site(tmp_path, OFFICER)
        assert links(here.get("/standing").text, "/workload") and links(here.get(f"/teams/{TEAM}").text, "/workload")
        assert not links(site(tmp_path, Held("mediator", team=TEAM)).get(f"/teams/{TEAM}").text, "/workload")

    def test_a_team_that_is_not_known(self, tmp_path: Path) -> None:
        unknown = NoAnswer("evaluation", "workload", "failed", "…", "UnknownTeam")
        here = site(tmp_path, Held("team_leader", team=TEAM), evaluation__workload=unknown)
        assert here.get("/workload").status_code == 404


class TestMonths:
    def test_the_city_sees_who_has_not_submitted_or_locked(self, tmp_path: Path) -> None:
        here = site(tmp_path, Held("city_department"))
        text = here.get("/statistics/month?month=2026-10").text
        asked = dict(here.rpc.asked)
        assert asked["evaluation.statistics_locks"] == {"period": "2026-10", "unit": None}
        assert "evaluation.statistics_lock" not in asked
        lines = records.months("2026-10")["units"]
        assert text.count("Chưa chốt</span>") == sum(line["locked_on"] is None for line in lines)
        assert text.count('<span class="late">19/20</span>') == sum(line["missing"] == 1 for line in lines)
        assert len(links(text, "/statistics/month")) >= len(WARDS) and "Tháng này chưa chốt" not in text
        names = [name for name in WARDS.values() if f"Phường {name}</a>" in text]
        assert len(names) == len(WARDS) and Elements(text).open == []

    def test_of_a_district_what_is_below_it_beside_its_own(self, tmp_path: Path) -> None:
        units: Any = [{"code": "004", "name": "Quận Long Biên", "level": "district"}, {"code": UNIT, "name": "Phường Ngọc Thụy"}]
        own = {"unit": "004", "period": "2026-10", "name": "Quận Long Biên", "teams": 20}
        here = site(tmp_path, Held("chair", unit="004"), directory__units=units, evaluation__statistics_lock=own)
        text = here.get("/statistics/month").text
        assert dict(here.rpc.asked)["evaluation.statistics_locks"] == {"period": "2026-10", "unit": "004"}
        assert "Chưa chốt</span>" in text and "Tháng này chưa chốt" in text
        # what is below is told, and opened by whoever has a role there
        assert not [query for _, query in links(text, "/statistics/month") if query.get("unit") == [UNIT]]

    def test_a_commune_sees_itself_only(self, tmp_path: Path) -> None:
        here = site(tmp_path, OFFICER)
        assert here.get("/statistics/month").status_code == 200
        assert "evaluation.statistics_locks" not in dict(here.rpc.asked)

    def test_a_month_that_cannot_be_asked_for(self, tmp_path: Path) -> None:
        bad = NoAnswer("evaluation", "statistics_locks", "failed", "…", "BadQuestion")
        here = site(tmp_path, Held("city_department"), evaluation__statistics_locks=bad)
        assert here.get("/statistics/month").status_code == 404
