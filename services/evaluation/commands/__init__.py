"""Commands of evaluation. Each module has ``register(app)``; ``shared.commands`` finds them by name at run time.

``scheme_app``, ``evaluation_app`` and ``report_app`` are the groups ``namtot scheme``, ``namtot evaluation`` and ``namtot
report``, to which several modules add.
"""

from __future__ import annotations

import typer

scheme_app = typer.Typer(
    no_args_is_help=True, help="Sets of criteria (bộ tiêu chí): look through, compare, try out. Data files, with sources.",
)
evaluation_app = typer.Typer(
    no_args_is_help=True,
    help="A year's evaluation (đánh giá năm): the unit's board, communes and targets, the result sheet, what was closed.",
)
report_app = typer.Typer(
    no_args_is_help=True, help="Statistics and reports (báo cáo, thống kê): every number is traced to its cases.",
)
