"""``namtot report logbook``: the log book of a team or unit as Excel or PDF. Names of people come from intake, for who asks and
in which role; each reading stands in the audit trail."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.evaluation.commands import report_app
from services.evaluation.commands.report import From, To, opened
from shared.commands.acting import Who, acting
from shared.commands.asking import say, settings

if TYPE_CHECKING:
    from shared.papers.listing import Listing

TOGETHER = 200
"""Cases that intake reveals at a time."""
NOT_ALLOWED = frozenset({"Denied", "ValueError"})
OWN_EYES = 0o600


def register(app: typer.Typer) -> None:
    """Adds to the group ``namtot report``, which ``report`` registers."""


@report_app.command()
def logbook(
    where: Annotated[str, typer.Argument(help="A team's code (HG-…) or name, or a unit's code.")], first: From, last: To,
    out: Annotated[Path, typer.Option(help="The file to write: .xlsx or .pdf.")],
    role: Annotated[str, typer.Option(
        help="Whose eyes: team_leader, mediator, justice_officer, chair. Left out: without names and words of the parties."
    )] = "",
    who: Who = "",
    overwrite: Annotated[bool, typer.Option(help="Replace the file if it is there.")] = False,
    timeout: Annotated[float, typer.Option(help="Seconds to wait for each of intake's answers.", min=0.1)] = 30.0,
) -> None:
    """The log book: a line for each case of the period, Part II the leader's tally, room for signatures."""
    from services.evaluation.queries.logbook import log_book as asked
    from shared.papers.logbook import log_book

    check(out)
    public = opened(lambda db, replica: asked(db, replica, where, first, last))
    private = _revealed(public, who, role, timeout) if role else None
    save(log_book(public, private, settings().notice), out, overwrite, OWN_EYES)
    say(f"{out}: {len(public['cases'])} vụ việc; {_said(role, private is not None)}")


def _said(role: str, private: bool) -> str:
    if not role:
        return "không in tên các bên, nội dung, thỏa thuận (thêm --role)"
    return "có thông tin riêng tư, chỉ bạn đọc được tệp" if private else f"{role!r} không có quyền xem phần riêng tư"


def _revealed(public: dict[str, Any], who: str, role: str, timeout: float) -> dict[str, Any] | None:
    """None if the role may not read it. No answer ends the command: a book must not look emptier than it is."""
    from shared.messaging.rpc import RpcClient, RpcError, RpcFailed

    ids = [case["case"] for case in public["cases"]]
    purpose = f"log_book: {public['team'] or public['unit']} {public['from']} {public['to']}"
    by = acting(who, role, "read_case", purpose, public["unit"] or "", public["team"] or "")
    found: dict[str, Any] = {}
    with RpcClient(settings().amqp_uri, timeout) as client:
        for at in range(0, len(ids), TOGETHER):
            try:
                part = client.call("intake", "reveal_cases", cases=ids[at:at + TOGETHER], purpose=purpose, **by)
            except RpcFailed as error:
                if error.kind not in NOT_ALLOWED:
                    raise _failed(str(error)) from None
                return None
            except RpcError as error:
                raise _failed(str(error)) from None
            found |= part["cases"]
    return found


def check(out: Path) -> None:
    if out.suffix.lower() not in (".xlsx", ".pdf"):
        raise _failed(f"--out: {out.name!r} must end in .xlsx or .pdf", 2)


def save(listing: Listing, out: Path, overwrite: bool, mode: int = 0o644) -> None:
    from shared.papers import PaperError
    from shared.papers.listing import render
    from shared.papers.making import write

    try:
        state = write(out, render(listing, "pdf" if out.suffix.lower() == ".pdf" else "xlsx"), overwrite, mode)
    except PaperError as error:
        raise _failed(error.reason) from None
    except OSError as error:
        raise _failed(f"{out} cannot be written: {error.strerror or error}") from None
    if state == "kept":
        raise _failed(f"{out} is there already; choose another name, or --overwrite")


def _failed(reason: str, code: int = 1) -> typer.Exit:
    say(reason, error=True)
    return typer.Exit(code)
