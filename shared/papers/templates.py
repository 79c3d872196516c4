"""Where a paper's template is found, and how its tags are read.

An own template stands in the folder ``NAMTOT_PAPERS_DIR`` under the name of the shipped one and takes its place.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from shared.papers.errors import PaperError
from shared.papers.kinds import Kind

SHIPPED = Path(__file__).parent / "templates"
FILTERS = {
    "upper": "IN HOA", "lower": "in thường", "capitalize": "Viết hoa chữ đầu", "length": "số dòng của danh sách",
    "join": "nối các dòng của một danh sách",
}
"""The filters that a clerk may use; a template is read in a sandbox all the same."""


def template_of(kind: Kind, folder: str | Path = "") -> Path:
    """The own template in ``folder``, else the shipped one. Raise ``PaperError`` if the folder is none."""
    if folder:
        home = Path(folder)
        if not home.is_dir():
            raise PaperError("template", f"NAMTOT_PAPERS_DIR={str(folder)!r} is no folder; make it, or leave the setting empty")
        own = home / kind.template
        if own.is_file():
            return own
    return SHIPPED / kind.shipped


@lru_cache(maxsize=1)
def environment() -> ImmutableSandboxedEnvironment:
    """Data is escaped; a name that does not exist is an error; nothing but text can be reached."""
    env = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    env.filters = {name: env.filters[name] for name in (*FILTERS, "e", "escape")}
    env.globals.clear()
    return env
