"""``namtot papers`` at the terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from shared.commands import papers as command
from shared.papers import KINDS
from tests.unit.papers.reading import example, text_of


class Terminal:
    def __init__(self) -> None:
        self.code = 0

    def run(self, *arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(command.papers, arguments)
        assert done.exit_code == code, done.output
        return str(done.output)


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NAMTOT_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("NAMTOT_PAPERS_DIR", raising=False)
    return Terminal()


@pytest.fixture
def evaluation(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What evaluation was asked; it answers with the examples. (Its own answers: tests/integration/test_papers_data.py.)"""
    asked: list[dict[str, Any]] = []

    def ask(service: str, method: str, timeout: float, **arguments: Any) -> Any:
        asked.append({"method": method, **arguments})
        if method == "recognitions":
            return {"teams": [{"code": "HG-AAAAAAA1"}, {"code": "HG-AAAAAAA2"}]}
        if method == "commendations":
            return {"items": [{"id": "c" * 32}]}
        kind = KINDS[arguments["kind"]]
        return None if kind.id == "recognition-certificate" else example(kind)

    monkeypatch.setattr(command, "ask", ask)
    monkeypatch.setenv("AMQP_URI", "amqp://nobody.invalid")
    monkeypatch.setenv("MONGO_URI", "mongodb://nobody.invalid")
    return asked


def test_the_kinds_and_their_fields(terminal: Terminal) -> None:
    assert [row["kind"] for row in json.loads(terminal.run("kinds", "--json"))] == list(KINDS)
    assert "Quyết định công nhận Tổ hòa giải 5 tốt" in terminal.run("kinds")
    shown = terminal.run("fields", "quyet-dinh-cong-nhan")
    assert "{{ don_vi }}" in shown and "{%tr for d in danh_sach %}" in shown and "{{ d.ten_to }}" in shown
    assert "NĐ 30/2020/NĐ-CP" in shown
    rows = json.loads(terminal.run("fields", "self-assessment-minutes", "--json"))
    assert {"name": "{{ bieu_quyet.tan_thanh }}", "about": "Số phiếu tán thành", "role": "text"} in rows


def test_a_template_is_copied_edited_and_checked(terminal: Terminal, tmp_path: Path) -> None:
    from docx import Document

    path = tmp_path / "quyet-dinh-cong-nhan.docx"
    terminal.run("template", "recognition-decision", "--out", str(path))
    assert "is there already" in terminal.run("template", "recognition-decision", "--out", str(path), code=1)
    assert "dùng được cho Quyết định công nhận" in terminal.run("check", str(path))
    document: Any = Document(str(path))
    document.add_paragraph("Số {{ so_qd }}")
    document.save(str(path))
    told = terminal.run("check", str(path), code=1)
    assert "không có trường so_qd" in told and "1 lỗi cần sửa." in told
    assert "there is no field so_qd" in terminal.run("check", str(path), "--lang", "en", code=1)
    (finding,) = json.loads(terminal.run("check", str(path), "--json", code=1))["findings"]
    assert finding["tag"] == "{{ so_qd }}" and finding["place"].startswith("đoạn ")


def test_a_design_is_checked(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "giay-khen.typ"
    terminal.run("template", "certificate", "--out", str(path))
    terminal.run("check", str(path))
    path.write_text("#let")
    assert "giay-khen.typ" in terminal.run("check", str(path), code=1)
    assert "there is no paper 'other'" in terminal.run("check", "other.docx", code=2)


@pytest.mark.parametrize("kind", KINDS)
def test_a_preview_of_each(terminal: Terminal, tmp_path: Path, kind: str) -> None:
    terminal.run("preview", kind, "--out", "x.file")
    assert (tmp_path / "x.file").stat().st_size > 10_000
    assert "is there already" in terminal.run("preview", kind, "--out", "x.file", code=1)


def test_one_paper_is_made(
    terminal: Terminal, tmp_path: Path, evaluation: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAMTOT_NOTICE", "MÔ PHỎNG")
    (tmp_path / "ten.yaml").write_text("signer: Đỗ Văn K\n")
    told = terminal.run("make", "recognition-decision", "--unit", "00118", "--year", "2024", "--out", "o", "--with", "ten.yaml")
    path = tmp_path / "o" / "quyet-dinh-cong-nhan_00118_2024.docx"
    assert "o/quyet-dinh-cong-nhan_00118_2024.docx" in told and "Next: " in told
    written = text_of(path.read_bytes())
    assert written.startswith("MÔ PHỎNG\n") and "Đỗ Văn K" in written
    assert evaluation == [{"method": "papers_data", "kind": "recognition-decision", "unit": "00118", "year": 2024}]
    path.write_bytes(b"filled in by hand")
    assert "is kept" in terminal.run("make", "recognition-decision", "--unit", "00118", "--year", "2024", "--out", "o")
    assert path.read_bytes() == b"filled in by hand"


def test_all_papers_of_a_year(terminal: Terminal, tmp_path: Path, evaluation: list[dict[str, Any]]) -> None:
    arguments = ("make", "--all", "--unit", "00118", "--year", "2024", "--out", "o", "--json")
    done = json.loads(terminal.run(*arguments))
    assert {key: done[key] for key in ("made", "kept", "nothing")} == {"made": 3 * 2 + 2 + 4 + 2, "kept": 0, "nothing": 2}
    assert len(list((tmp_path / "o").iterdir())) == done["made"]
    assert json.loads(terminal.run(*arguments))["kept"] == done["made"], "run again it goes on where it stopped"


def test_own_templates_are_used(
    terminal: Terminal, tmp_path: Path, evaluation: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from docx import Document

    document: Any = Document()
    document.add_paragraph("Mẫu của phường: {{ so }}")
    (tmp_path / "mau").mkdir()
    document.save(str(tmp_path / "mau" / "quyet-dinh-cong-nhan.docx"))
    monkeypatch.setenv("NAMTOT_PAPERS_DIR", str(tmp_path / "mau"))
    terminal.run("make", "recognition-decision", "--unit", "00118", "--year", "2024", "--out", "o")
    (made,) = (tmp_path / "o").iterdir()
    assert text_of(made.read_bytes()).strip() == "Mẫu của phường: 412/QĐ-UBND"


@pytest.mark.parametrize(("arguments", "code", "told"), [
    ((), 2, "say either a KIND or --all"),
    (("yearly-report", "--all"), 2, "say either a KIND or --all"),
    (("yearly-report", "--unit", "00118", "--year", "2024"), 2, "say --team and --year"),
    (("recognition-decision", "--year", "2024"), 2, "say --unit and --year"),
    (("certificate", "--unit", "00118", "--year", "2024"), 2, "say --commendation"),
    (("--all", "--unit", "00118"), 2, "say --unit and --year"),
    (("yearly-reprt",), 2, "did you mean yearly-report?"),
    (("recognition-certificate", "--team", "HG-AAAAAAA1", "--year", "2024"), 1, "nothing is recorded for this paper yet"),
    (("yearly-report", "--team", "x", "--year", "2024", "--with", "no.yaml"), 1, "no.yaml cannot be read"),
    (("yearly-report", "--team", "x", "--year", "2024", "--out", "/dev/null/x"), 1, "cannot be written"),
])
def test_what_is_missing_is_said(
    terminal: Terminal, evaluation: list[dict[str, Any]], arguments: tuple[str, ...], code: int, told: str
) -> None:
    assert told in terminal.run("make", *arguments, code=code)


def test_without_servers_it_says_how_to_start_them(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AMQP_URI", "MONGO_URI"):
        monkeypatch.delenv(name, raising=False)
    assert "namtot up" in terminal.run("make", "yearly-report", "--team", "x", "--year", "2024", code=2)
