"""Commands of evaluation. Each module has ``register(app)``; ``shared.commands`` finds them by name at run time.

``scheme_app`` is the group ``namtot scheme``, to which several modules add.
"""

from __future__ import annotations

import typer

scheme_app = typer.Typer(
    no_args_is_help=True, help="Sets of criteria (bộ tiêu chí): look through, compare, try out. Data files, with sources.",
)
