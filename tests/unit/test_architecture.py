"""The shape of the house, held by reading the imports of every module.

Services meet only in ``shared``; each domain is pure; nameko and eventlet stay in the shells, where they could be replaced.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("directory", "intake", "evaluation", "notification", "gateway")

IMPURE = {
    "nameko", "eventlet", "kombu", "amqp", "aio_pika", "pymongo", "bson", "time", "socket", "ssl", "select", "selectors",
    "asyncio", "threading", "subprocess", "http", "urllib", "smtplib", "httpx", "requests", "aiohttp", "random", "secrets",
    "uuid", "fastapi", "starlette", "uvicorn", "apprise", "prometheus_client", "structlog", "logging",
}
"""What a domain may reach neither itself nor through what it imports: servers, network, clock, chance, logs."""

CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}

SHELLS = ("services/*/service.py", "services/*/service_*.py", "services/*/provider.py", "shared/messaging/*", "shared/runner/*",
          "shared/storage/provider.py")

LONGEST = 500


class Tree:
    """The Python modules below a root."""

    def __init__(self, root: Path, packages: tuple[str, ...] = ("services", "shared", "deploy")) -> None:
        self.root = root
        self.files = {
            ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
            for package in packages for path in sorted((root / package).rglob("*.py"))
        }
        self.known: dict[str, list[tuple[str, int]]] = {}
        self.parsed = {name: ast.parse(path.read_text(), str(path)) for name, path in self.files.items()}

    def imports(self, module: str) -> list[tuple[str, int]]:
        """Every module named by an import statement anywhere in ``module``, with its line. Type-checking imports do not count."""
        if module not in self.known:
            self.known[module] = list(self._imports(module))
        return self.known[module]

    def _imports(self, module: str) -> Iterator[tuple[str, int]]:
        skipped = {
            id(node) for block in ast.walk(self.parsed[module])
            if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
            for child in block.body for node in ast.walk(child)
        }
        for node in ast.walk(self.parsed[module]):
            if id(node) in skipped:
                continue
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = self._base(module, node)
                yield base, node.lineno
                yield from (
                    (f"{base}.{alias.name}", node.lineno) for alias in node.names if f"{base}.{alias.name}" in self.files
                )

    def _base(self, module: str, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = module if self.files[module].name == "__init__.py" else module.rpartition(".")[0]
        parts = package.split(".")
        return ".".join([*parts[: len(parts) - node.level + 1], *([node.module] if node.module else [])])

    def reached(self, module: str) -> dict[str, str]:
        """Every module that importing ``module`` brings in, the packages above each included → by which module of ours."""
        found: dict[str, str] = {}
        todo = [module]
        while todo:
            current = todo.pop()
            for name, line in self.imports(current):
                parts = name.split(".")
                for target in (".".join(parts[:count]) for count in range(1, len(parts) + 1)):
                    if target not in found:
                        found[target] = f"{self.files[current].relative_to(self.root)}:{line}"
                        if target in self.files:
                            todo.append(target)
        return found

    # -- the rules; each yields one line per violation

    def strangers(self) -> Iterator[str]:
        """Services that import one another."""
        for module, path in self.files.items():
            top, _, rest = module.partition(".")
            owner = rest.partition(".")[0]
            for name, line in self.imports(module):
                parts = name.split(".")
                if parts[0] == "services" and len(parts) > 1 and (top != "services" or parts[1] != owner):
                    yield f"{path.relative_to(self.root)}:{line} imports {name}"

    def impure(self) -> Iterator[str]:
        """Domains that reach a server, the network, chance or a clock."""
        for module, path in self.files.items():
            parts = module.split(".")
            if parts[0] != "services" or "domain" not in parts:
                continue
            for name, by in self.reached(module).items():
                if name in IMPURE:
                    yield f"{path.relative_to(self.root)} reaches {name} by {by}"
            for node in ast.walk(self.parsed[module]):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    owner = ast.unparse(node.func.value).rpartition(".")[2]
                    if (owner, node.func.attr) in CLOCKS:
                        yield f"{path.relative_to(self.root)}:{node.lineno} asks the clock"

    def eventlet_outside_the_shells(self) -> Iterator[str]:
        for module, path in self.files.items():
            place = path.relative_to(self.root)
            if any(place.match(shell) for shell in SHELLS):
                continue
            for name, line in self.imports(module):
                if name.split(".")[0] in ("nameko", "eventlet"):
                    yield f"{place}:{line} imports {name}"

    def too_long(self) -> Iterator[str]:
        for path in self.files.values():
            lines = len(path.read_text().splitlines())
            if lines > LONGEST:
                yield f"{path.relative_to(self.root)} has {lines} lines"


@pytest.fixture(scope="module")
def house() -> Tree:
    return Tree(ROOT)


def test_services_import_nothing_from_one_another_and_nobody_imports_a_service(house: Tree) -> None:
    """Commands and the runner name services only at run time."""
    assert list(house.strangers()) == []


def test_every_domain_is_pure(house: Tree) -> None:
    assert list(house.impure()) == []


def test_nameko_and_eventlet_stay_in_the_shells(house: Tree) -> None:
    assert list(house.eventlet_outside_the_shells()) == []


def test_no_module_is_longer_than_one_can_read(house: Tree) -> None:
    assert list(house.too_long()) == []


@pytest.mark.parametrize("service", [service for service in SERVICES if service != "gateway"])
def test_every_service_has_the_same_rooms(service: str) -> None:
    home = ROOT / "services" / service
    assert (home / "service.py").is_file()
    assert (home / "domain").is_dir()
    assert (home / "store").exists() or (home / "store.py").is_file()


# -- the rules find what they look for


@pytest.fixture
def crooked(tmp_path: Path) -> Tree:
    files = {
        "services/__init__.py": "",
        "services/intake/__init__.py": "",
        "services/intake/domain/__init__.py": "",
        "services/intake/domain/lazy.py": "def now():\n    import pymongo",
        "services/intake/domain/late.py": "from shared import helper",
        "services/intake/domain/clock.py": "import datetime as dt\n\ndef today():\n    return dt.date.today()",
        "services/intake/domain/fine.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import time",
        "services/intake/near.py": "from ..directory import domain",
        "services/directory/__init__.py": "",
        "services/directory/domain/__init__.py": "",
        "services/directory/wild.py": "import eventlet.event",
        "services/directory/service.py": "import eventlet",
        "shared/__init__.py": "",
        "shared/helper.py": "import time",
        "shared/nosy.py": "from services.intake.domain import fine",
        "shared/long.py": "x = 1\n" * (LONGEST + 1),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Tree(tmp_path)


def test_the_rules_find_what_they_look_for(crooked: Tree) -> None:
    assert sorted(set(crooked.strangers())) == [
        "services/intake/near.py:1 imports services.directory",
        "services/intake/near.py:1 imports services.directory.domain",
        "shared/nosy.py:1 imports services.intake.domain",
        "shared/nosy.py:1 imports services.intake.domain.fine",
    ]
    assert sorted(crooked.impure()) == [
        "services/intake/domain/clock.py:4 asks the clock",
        "services/intake/domain/late.py reaches time by shared/helper.py:1",
        "services/intake/domain/lazy.py reaches pymongo by services/intake/domain/lazy.py:2",
    ]
    assert list(crooked.eventlet_outside_the_shells()) == ["services/directory/wild.py:1 imports eventlet.event"]
    assert list(crooked.too_long()) == [f"shared/long.py has {LONGEST + 1} lines"]
