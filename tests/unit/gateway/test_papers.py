"""Papers to download: which are offered where, and the file as a process of its own writes it."""

from __future__ import annotations

import io
import zipfile

import pytest

from services.gateway.pages import papers
from services.gateway.rpc import NoAnswer
from shared.papers import KINDS
from tests.support.site import Elements, Site


def offered(path: str) -> set[str]:
    links = [str(a.get("href")) for a in Elements(Site().get(path).text).all("a")]
    return {link.split("/papers/")[1].split("?")[0] for link in links if "/papers/" in link}


def test_each_page_offers_what_can_be_written_about_it() -> None:
    assert offered("/papers?team=HG-118005AB&unit=00118") == {k.id for k in KINDS.values() if k.about == "team"}
    assert offered("/papers?commendation=abc") == {k.id for k in KINDS.values() if k.about == "commendation"}
    assert offered("/papers?unit=00118") == {k.id for k in KINDS.values() if k.about == "unit" or k.lists}
    assert Site().get("/papers").status_code == 404


def test_a_word_file_with_what_evaluation_says_stands_in_it() -> None:
    site = Site(evaluation__papers_data={"unit_name": "phường Bồ Đề", "year": 2024, "rows": [{"team_name": "Tổ <số> 5 & 6"}]})
    response = site.get("/papers/recognition-decision?unit=00118&year=2024")
    assert response.status_code == 200
    assert 'filename="quyet-dinh-cong-nhan_00118_2024.docx"' in response.headers["content-disposition"]
    assert response.headers["cache-control"] == "no-store"
    text = zipfile.ZipFile(io.BytesIO(response.content)).read("word/document.xml").decode()
    assert "Tổ &lt;số&gt; 5 &amp; 6" in text
    assert site.rpc.asked[-1] == ("evaluation.papers_data", {"kind": "recognition-decision", "unit": "00118", "year": 2024})


def test_a_commendation_is_asked_for_by_itself() -> None:
    site = Site(evaluation__papers_data=None)
    assert site.get("/papers/certificate?commendation=abc").status_code == 404
    assert site.rpc.asked[-1] == ("evaluation.papers_data", {"kind": "certificate", "commendation": "abc"})


@pytest.mark.parametrize("path", ["/papers/nothing?unit=00118", "/papers/certificate", "/papers/yearly-report?unit=00118"])
def test_what_is_no_paper_is_not_asked_for(path: str) -> None:
    site = Site()
    assert site.get(path).status_code == 404
    assert not [method for method, _ in site.rpc.asked if method == "evaluation.papers_data"]


def test_what_goes_wrong_is_told_and_nothing_is_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    response = Site(evaluation__papers_data={"nonsense": 1}).get("/papers/recognition-decision?unit=00118&year=2024")
    assert response.status_code == 500 and "content-disposition" not in response.headers and "nonsense" in response.text
    unknown = NoAnswer("evaluation", "papers_data", "failed", "…", "UnknownCommendation")
    assert Site(evaluation__papers_data=unknown).get("/papers/certificate?commendation=x").status_code == 404
    monkeypatch.setattr(papers, "SECONDS", 0.01)
    response = Site().get("/papers/recognition-decision?unit=00118&year=2024")
    assert response.status_code == 500 and "0.01 seconds" in response.text
