"""A ward with running services, a system that publishes and a mail server, for the tests of notification."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from shared.settings import load
from tests.support.eventually import eventually
from tests.support.mail import MailServer
from tests.support.processes import ServiceProcess, ServiceProcesses
from tests.support.sending import Sender, event

WARD = "https://bode.example/so"
UNIT = "00118"
TEAM = "Tổ hòa giải TDP số 5"
MEDIATOR, OFFICE, OPERATOR = "hgv52@bode.example", "hoagiai@bode.example", "ops@app.example"
APP = "https://app.example/"
"""Everything below it is one operator's."""


def roster() -> bytes:
    return event(
        "directory.roster.snapshot",
        "r1",
        "roster://bode.example/2024",
        source=WARD,
        on="2024-01-10",
        unit={"code": UNIT, "valid_from": "2005-01-01"},
        unit_name="Phường Bồ Đề",
        groups=["TDP 5"],
        contact=OFFICE,
        teams=[{"name": TEAM, "group": "TDP 5", "mediators": [{"ref": f"hgv/{k}", "sex": "female"} for k in (50, 51, 52)]}],
        private={
            "people": [
                {"ref": "hgv/52", "name": "Trần Thị Hòa Giải", "email": MEDIATOR},
                {"ref": "hgv/50", "name": "Lê Văn Đã Đi", "email": "gone@bode.example"},
            ]
        },
    )


def case(number: str, mediator: str = "hgv/52", assigned: str = "2024-11-11") -> list[bytes]:
    subject = f"case://bode.example/vu-viec/{number}"
    return [
        event("case.reported", f"{number}-1", subject, source=WARD, on="2024-11-08", team=TEAM, unit=UNIT),
        event("case.assigned", f"{number}-2", subject, source=WARD, on=assigned, mediator=mediator),
    ]


def cases(run: str, count: int) -> list[bytes]:
    """``count`` assigned cases, called ``<run>-0`` and so on."""
    return [body for k in range(count) for body in case(f"{run}-{k}")]


class City:
    def __init__(self, run: ServiceProcesses, mail: MailServer, sender: Sender, environ: dict[str, str], directory: Path) -> None:
        self.run, self.mail, self.sender = run, mail, sender
        sources = directory / "sources.yaml"
        sources.write_text(f"sources:\n  - source: {APP}\n    contact: mailto:{OPERATOR}\n")
        self.settings = load(environ)
        self.environ = {
            "NAMTOT_SMTP_URL": mail.url,
            "NAMTOT_SOURCES_FILE": str(sources),
            "NAMTOT_NOTIFICATION_RULES": str(_quick(directory)),
        }

    def start(self, *names: str, **environ: str) -> list[ServiceProcess]:
        started = [self.run(name, wait=False, **{**self.environ, **environ}) for name in names]
        return [service.wait_ready() for service in started]

    def ask(self, method: str, **arguments: Any) -> Any:
        return self.sender.rpc.call("notification", method, timeout=20, **arguments)

    def know_the_ward(self) -> None:
        self.sender.send([roster()])
        eventually(lambda: self.sender.rpc.call("directory", "totals", timeout=20)["teams"] == 1, timeout=60)

    def mails(self, run: str) -> list[str]:
        """The cases of a run that mails were received about, in order of name, each as often as it was told."""
        subjects = [mail["Subject"].rsplit(" ", 1)[-1] for mail in self.mail.received]
        return sorted(label for label in subjects if label == run or label.startswith(f"{run}-"))

    def told(self, run: str, count: int) -> None:
        """Wait until so many cases of a run were told."""
        eventually(lambda: len(set(self.mails(run))) == count, timeout=60)

    def items(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("deliveries", limit=500)["items"]
        return found


def _quick(directory: Path) -> Path:
    """The shipped rules without their long waits."""
    from services.notification.loading import SHIPPED

    path = directory / "rules.yaml"
    text = SHIPPED.read_text(encoding="utf-8")
    for old, new in (
        ("wait_seconds: 20 ", "wait_seconds: 1 "),
        ("wait_seconds: 30 ", "wait_seconds: 2 "),
        ("first_pause_seconds: 5 ", "first_pause_seconds: 1 "),
    ):
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return path
