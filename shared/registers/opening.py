"""Is this file a workbook that can be read safely? Looked at before any of it is parsed.

A workbook is a zip of XML. What is refused: no zip, half a zip, an encrypted or old workbook, macros, more bytes than a
register has once unpacked, document type declarations, cells so far out that a table of them would fill the memory.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from shared.registers.errors import RegisterError

MOST_BYTES = 300 * 1024 * 1024
"""Unpacked, all parts together."""
LARGEST_FILE = 50 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 104
"""CZ. A sheet is read as a rectangle, so that one cell at its far corner would cost as much as a full sheet."""
PIECE = 1 << 20
_FAR = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="(?:[D-Z][A-Z]|[A-Z]{3,})[0-9]')
_DEEP = re.compile(rb'<(?:\w+:)?(?:row|c)\b[^>]*?\br="[A-Z]*([0-9]{6,})"')
_NEAR = re.compile(rb'r="(?:[D-Z][A-Z]|[A-Z]{3,}|[A-Z]*[0-9]{6})')
"""Either of the two, or nearly: found many times faster, so that only a hit is looked at closely."""
_UNNUMBERED = re.compile(rb"<(?:\w+:)?row(?![^>]*\br=)[\s/>]")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def check(path: Path) -> None:
    """Raise ``RegisterError`` for what is not to be opened."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
        size = path.stat().st_size
    except OSError as error:
        raise RegisterError(f"Không mở được tệp: {error.strerror}.", f"The file cannot be opened: {error.strerror}.") from None
    if head == _OLE:
        raise RegisterError(
            "Tệp được đặt mật khẩu hoặc là Excel cũ (.xls): bỏ mật khẩu và lưu lại thành .xlsx.",
            "The file is encrypted or an old .xls: remove the password and save it as .xlsx.",
        )
    if size > LARGEST_FILE:
        raise RegisterError(f"Tệp lớn hơn {LARGEST_FILE >> 20} MB: chia nhỏ sổ.", f"More than {LARGEST_FILE >> 20} MB: split it.")
    try:
        with zipfile.ZipFile(path) as archive:
            _check_parts(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        if isinstance(error, RegisterError):
            raise
        raise RegisterError(
            "Tệp không phải là bảng tính .xlsx hoặc đã hỏng, chưa tải xong.",
            "This is no .xlsx workbook, or it is damaged or half-written.",
        ) from None


def _check_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise RegisterError(
            "Tệp có macro (.xlsm) nên không nhận: lưu lại thành .xlsx.", "The file holds macros (.xlsm): save it as .xlsx."
        )
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise RegisterError("Tệp không phải là bảng tính .xlsx.", "This is no .xlsx workbook.")
    if len(names) != len(parts):
        raise RegisterError("Tệp đã hỏng: có hai phần cùng tên.", "The file is damaged: two parts bear one name.")
    left = MOST_BYTES
    for part in parts:
        # the size that the archive claims may be a lie: what comes out is counted
        left = _check_part(archive, part, left)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    is_xml = part.filename.lower().endswith((".xml", ".rels"))
    is_sheet = part.filename.startswith("xl/worksheets/")
    tail = b""
    rows = 0
    with archive.open(part) as stream:
        while piece := stream.read(PIECE):
            left -= len(piece)
            if left < 0:
                raise RegisterError(
                    f"Tệp khi giải nén lớn hơn {MOST_BYTES >> 20} MB nên không đọc.",
                    f"The file unpacks to more than {MOST_BYTES >> 20} MB and is not read.",
                )
            text = tail + piece
            if is_xml and (b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"\x00" in text):
                raise RegisterError("Tệp có nội dung không an toàn.", "It holds a DTD, or is not in UTF-8.")
            if is_sheet:
                if piece.count(b"row") != piece.count(b'<row r="') + piece.count(b"</row>"):
                    rows += len(_UNNUMBERED.findall(piece))
                _check_corner(text, rows)
            tail = text[-64:]
    return left


def _check_corner(text: bytes, unnumbered: int) -> None:
    near = _NEAR.search(text) is not None
    if near and _FAR.search(text):
        raise RegisterError(
            f"Trang tính có ô ở quá cột CZ ({MOST_COLUMNS} cột): xóa các cột thừa bên phải.",
            f"A sheet has cells beyond column CZ ({MOST_COLUMNS} columns): delete what is right of the register.",
        )
    if unnumbered > MOST_ROWS or (near and any(int(found) > MOST_ROWS for found in _DEEP.findall(text))):
        raise RegisterError(
            f"Trang tính có ô ở quá dòng {MOST_ROWS}: xóa các dòng thừa bên dưới hoặc chia nhỏ sổ.",
            f"A sheet has cells below row {MOST_ROWS}: delete what is below the register, or split it.",
        )
