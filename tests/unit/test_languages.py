"""Every command that speaks two languages says so of a third, instead of ending in a traceback."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.main import get_command

from shared.commands import MODULES

BY_ITSELF = ("import",)
"""It has further questions about how it is called, and answers all of them alike."""


def _speaking(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, one in getattr(command, "commands", {}).items():
        yield from _speaking(one, (*path, name))
    if any("--lang" in parameter.opts for parameter in command.params):
        yield path


def _app() -> Any:
    app = typer.Typer()
    for name in MODULES:
        importlib.import_module(name if "." in name else f"shared.commands.{name}").register(app)
    return get_command(app)


APP = _app()
SPEAKING = sorted(path for path in _speaking(APP) if path != BY_ITSELF)


def test_there_are_commands_that_speak_two_languages() -> None:
    assert ("payment", "list") in SPEAKING and ("report", "odd") in SPEAKING


@pytest.mark.parametrize("path", SPEAKING, ids=" ".join)
def test_a_third_language_is_refused(path: tuple[str, ...]) -> None:
    command = APP
    for name in path:
        command = command.commands[name]
    [lang] = [one for one in command.params if "--lang" in one.opts]
    with pytest.raises(typer.BadParameter, match="vi or en"):
        lang.process_value(typer.Context(command), "fr")
