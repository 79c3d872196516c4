"""Which files are made, what they are called, and that nobody's handwriting is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.papers import KINDS, PaperError, find
from shared.papers.making import Wanted, file_name, of_a_year, own_values, put_together, write

TEAMS = [{"code": "HG-AAAAAAA1"}, {"code": "HG-AAAAAAA2"}]


def test_a_year_has_three_papers_and_a_certificate_for_each_team_two_for_the_unit_and_six_for_commendations() -> None:
    wanted = of_a_year("00118", 2024, TEAMS, [{"id": "c" * 32}, {"id": "d" * 32}])
    assert len(wanted) == 2 * 4 + 2 + 4 + 2 * 2
    assert len({file_name(one) for one in wanted}) == len(wanted)
    # a claim is not of a year: its papers are made for it when it is there
    assert {kind for kind, _, _ in wanted} == {kind for kind in KINDS.values() if kind.about != "payment"}
    assert Wanted(KINDS["yearly-report"], {"team": "HG-AAAAAAA1", "year": 2024}, "HG-AAAAAAA1_2024") in wanted


def test_without_commendations_there_is_no_paper_about_them() -> None:
    assert len(of_a_year("00118", 2024, TEAMS, [])) == 2 * 4 + 2


@pytest.mark.parametrize("called", ["../../etc/x", "Tổ số 5", "a b\n", "C:\\x", "HG-AAAAAAA1_2024"])
def test_a_file_s_name_is_plain_and_stays_in_its_folder(called: str) -> None:
    name = file_name(Wanted(KINDS["yearly-report"], {}, called))
    assert name.isascii() and "/" not in name and "\\" not in name and " " not in name
    assert name.startswith("bao-cao-nam_") and name.endswith(".docx")


def test_a_file_that_is_there_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a" / "x.docx"
    assert write(path, b"made") == "made"
    path.write_bytes(b"filled in by hand")
    assert write(path, b"made again") == "kept"
    assert path.read_bytes() == b"filled in by hand"
    assert write(path, b"made again", overwrite=True) == "made"
    assert path.read_bytes() == b"made again"
    assert [file.name for file in path.parent.iterdir()] == ["x.docx"]


def test_a_file_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: str, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path / "x.docx", b"made")
    assert list(tmp_path.iterdir()) == []


def test_own_values_go_before_and_may_bear_the_templates_names(tmp_path: Path) -> None:
    file = tmp_path / "ten.yaml"
    file.write_text("signer: Lê Văn C\nthư ký: Trần Thị B\nngay_ky: 2024-12-05\nquyen_han_ky: commune_chair\n")
    own = own_values(file)
    assert put_together(KINDS["recognition-decision"], {"signer": None, "year": 2024}, own, "MÔ PHỎNG") == {
        "notice": "MÔ PHỎNG", "year": 2024, "signer": "Lê Văn C", "dated": "2024-12-05", "signed_by": "commune_chair",
    }
    assert put_together(KINDS["review-minutes"], {}, own)["secretary"] == "Trần Thị B"


def test_mediators_get_their_names_by_reference(tmp_path: Path) -> None:
    file = tmp_path / "ten.yaml"
    file.write_text("names:\n  hgv-0012: Trần Thị B\n  hgv-9: Ai đó\n")
    rows = [{"recipient": "Tổ 5"}, {"recipient": None, "reference": "hgv-0012"}, {"reference": "hgv-0013"}]
    found = put_together(KINDS["commendation-decision"], {"rows": rows}, own_values(file))
    assert [row.get("recipient") for row in found["rows"]] == ["Tổ 5", "Trần Thị B", None]
    assert put_together(KINDS["certificate"], {"reference": "hgv-0012"}, own_values(file))["recipient"] == "Trần Thị B"


def test_an_own_value_that_no_paper_has_is_said() -> None:
    with pytest.raises(PaperError, match=r"no paper has a field 'nguoi_kí_x'; `namtot papers fields certificate` lists them"):
        put_together(KINDS["certificate"], {}, {"nguoi_kí_x": "x"})


@pytest.mark.parametrize(("text", "told"), [
    ("- a", "write one `name: value` a line"), ("a: [", "while parsing"), ("1: 2", "write one `name: value` a line"),
])
def test_a_file_of_own_values_that_cannot_be_read(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(text)
    with pytest.raises(PaperError, match=told):
        own_values(file)


def test_no_own_values(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    assert own_values(None) == own_values(tmp_path / "x") == {}
    with pytest.raises(PaperError, match="cannot be read: No such file"):
        own_values(tmp_path / "y")


def test_a_kind_is_found_by_its_id_and_by_its_file() -> None:
    assert find("certificate") is find("giay-khen")
    with pytest.raises(PaperError, match="did you mean certificate"):
        find("certificat")
    with pytest.raises(PaperError, match="there are: self-assessment-minutes, "):
        find("???")
