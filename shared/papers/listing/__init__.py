"""Papers that are tables: the log book, forms of reports. One description (``data``), written as PDF (``pdf``) or Excel
(``workbook``). What goes into them comes from elsewhere: ``shared.papers.logbook``, ``shared.papers.form``.

    render(listing, "xlsx")      the file's bytes; raises ``PaperError``
"""

from __future__ import annotations

from typing import Any, Literal, get_args

import msgspec

from shared.papers.errors import PaperError
from shared.papers.listing.data import Cell, Column, Listing, Mark, Signature, Table

Format = Literal["pdf", "xlsx"]
FORMATS: tuple[Format, ...] = get_args(Format)
MEDIA_TYPES: dict[Format, str] = {
    "pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
KINDS: dict[str, Format] = {"listing-pdf": "pdf", "listing-xlsx": "xlsx"}
"""Under these names ``shared.papers.worker`` makes them."""

__all__ = [
    "FORMATS", "KINDS", "MEDIA_TYPES", "Cell", "Column", "Format", "Listing", "Mark", "Signature", "Table", "read", "render",
]


def read(data: Any) -> Listing:
    """``data``: plain JSON values, or JSON as bytes. Raise ``PaperError`` naming the field."""
    try:
        return msgspec.json.decode(data, type=Listing) if isinstance(data, bytes | str) else msgspec.convert(data, Listing)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise PaperError("data", f"data for a listing: {error}") from None


def render(listing: Listing, format: Format) -> bytes:
    if format == "pdf":
        from shared.papers.listing.pdf import written
    else:
        from shared.papers.listing.workbook import written
    return written(listing)
