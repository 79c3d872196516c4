"""Is this file a workbook that can be read safely? Looked at before any of it is parsed.

A workbook is a zip of XML. What is refused: no zip, half a zip, an encrypted or old workbook, macros, more bytes than a
register has once unpacked, document type declarations, cells so far out that a table of them would fill the memory.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from shared.registers.errors import RegisterError
from shared.registers.extent import PIECE, Extent

MOST_BYTES = 300 * 1024 * 1024
"""Unpacked, all parts together."""
LARGEST_FILE = 50 * 1024 * 1024
MOST_STRINGS = 3_000_000
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
    extent = Extent()  # a sheet may lie anywhere in the file
    tail, strings = b"", 0
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
            strings += piece.count(b"<si") if is_xml else 0
            if strings > MOST_STRINGS:
                raise RegisterError("Tệp có quá nhiều chuỗi chữ: chia nhỏ sổ.", "The file holds too many texts: split it.")
            whole = text.rfind(b">") + 1
            extent.look(text[:whole])
            extent.usual &= len(text) - whole <= PIECE  # else a tag without end, or a picture
            tail = text[max(whole, len(text) - PIECE):]
    if not extent.usual:
        with archive.open(part) as stream:
            extent.parse(stream, is_xml)
    return left
