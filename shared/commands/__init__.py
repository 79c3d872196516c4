"""The command-line tool ``namtot``. One module per group of commands; each has ``register(app)`` and is imported only when its
command (or the help) is asked for nothing heavier than typer. A service's own commands are named in full: they are found at run
time, and nothing here imports a service."""

from __future__ import annotations

import importlib

import typer

app = typer.Typer(
    name="namtot", no_args_is_help=True, add_completion=True, pretty_exceptions_enable=False,
    help="Cases, the five goods, recognition and commendation for grassroots mediation (hòa giải ở cơ sở).",
)

MODULES = (
    "local", "run", "demo", "simulate", "publish", "import_", "directory", "explain", "papers", "refused", "reconcile", "rebuild",
    "people", "audit", "person", "keys", "retention", "contract",
    "services.intake.commands.rebuild",
    "services.evaluation.commands.rebuild",
    "services.evaluation.commands.scheme",
    "services.evaluation.commands.scheme_simulate",
    "services.evaluation.commands.commendation",
    "services.evaluation.commands.evaluation",
    "services.evaluation.commands.report",
    "services.evaluation.commands.payment",
    "services.evaluation.commands.workload",
    "services.evaluation.commands.report_forms",
    "services.evaluation.commands.report_logbook",
    "services.evaluation.commands.report_locks",
    "services.evaluation.commands.report_odd",
)


def main() -> None:
    for name in MODULES:
        importlib.import_module(name if "." in name else f"shared.commands.{name}").register(app)
    app()
