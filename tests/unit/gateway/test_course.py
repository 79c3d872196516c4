"""A team's votes, candidates and decisions, and a commune's classes: shown by reference, and leading to what comes next."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.people import Held
from tests.support.canned import teams_of
from tests.support.site import Elements, Site
from tests.unit.gateway.test_counted import OTHER, UNIT, links, site
from tests.unit.gateway.test_signing import token

TEAM = teams_of(UNIT)[0]["code"]
OFFICER = Held("justice_officer", unit=UNIT)
COURSE, CLASSES = f"/standing/teams/{TEAM}", f"/standing/training?unit={UNIT}"


class TestCourse:
    def test_votes_candidates_decisions_and_what_is_next(self) -> None:
        text = Site().get(COURSE).text
        for said in ("Trúng cử", "84 hộ gia đình", "Còn thiếu 1 hòa giải viên", "Chưa chọn được tổ trưởng", "45/QĐ-UBND",
                     "Không có trong danh sách giới thiệu", "Người này chưa được bầu.", "Điều 8", "58/84"):
            assert said in text, said
        ((_, vote),), ((_, leader),) = links(text, "/act/directory.election.held"), links(text, "/act/directory.leader.elected")
        assert vote["team"] == leader["team"] == [TEAM]

    def test_each_team_on_the_list_leads_there(self) -> None:
        assert len(links(Site().get(f"/standing?show=all&unit={UNIT}").text, "/standing/teams/")) == 20

    def test_nothing_on_record_says_what_to_do(self) -> None:
        assert "Chưa có ghi nhận nào về bầu" in Site(directory__elections=[], directory__candidates=[]).get(COURSE).text

    def test_another_commune_sees_nothing_of_it(self, tmp_path: Path) -> None:
        here = site(tmp_path, Held("justice_officer", unit=OTHER))
        assert here.get(COURSE).status_code == 404 and here.get(CLASSES).status_code == 404
        assert not {"directory.elections", "directory.training"} & dict(here.rpc.asked).keys()
        assert Site(directory__team=None).get("/standing/teams/HG-00000000").status_code == 404


class TestTraining:
    def test_who_has_to_be_trained_and_a_class_that_its_list_continues(self) -> None:
        text = Site().get(CLASSES).text
        assert "Cần tập huấn (4)" in text and "5 hòa giải viên mới" in text and "1/20 tổ dự" in text
        ((_, attended),) = links(text, "/act/training.attended")
        assert (attended["_subject"], attended["_n"]) == (["training://so.example/7"], ["1"])
        ((_, convened),) = links(text, "/act/training.convened")
        assert convened["all_of"] == [UNIT]

    def test_a_leader_sees_the_own_team_and_enters_nothing(self, tmp_path: Path) -> None:
        text = site(tmp_path, Held("team_leader", team=TEAM)).get(CLASSES).text
        assert "Cần tập huấn (1)" in text and "1 tổ được mời" in text and not links(text, "/act/training.")


@pytest.mark.parametrize("path", [COURSE, f"{COURSE}?lang=en", CLASSES, f"{CLASSES}&lang=en&year=2025", "/statistics/month"])
def test_pages_are_well_formed(path: str) -> None:
    text = Site().get(path)
    html = Elements(text.text)
    ids = [attributes["id"] for _, attributes in html.seen if "id" in attributes]
    assert text.status_code == 200 and html.open == [] and len(ids) == len(set(ids)) and len(html.all("h1")) == 1


@pytest.mark.parametrize("unit, status", [(UNIT, 403), (OTHER, 422)])
def test_a_sheet_that_lists_another_commune_s_team_is_not_ones_own_to_enter(tmp_path: Path, unit: str, status: int) -> None:
    """An officer of the team's own commune gets as far as being told what the form still lacks."""
    theirs = teams_of(OTHER)[0]["code"]
    known = {"code": theirs, "name": "Tổ hòa giải", "unit": OTHER}
    here = site(tmp_path, Held("justice_officer", unit=unit), directory__team=known)
    path = "/act/training.attended?_subject=training://so.example/7&_n=1"
    data = {"form_token": token(here, path), "_key": "k" * 16, "_subject": "training://so.example/7", "attendance.0.team": theirs}
    assert here.post("/act/training.attended", data=data).status_code == status
