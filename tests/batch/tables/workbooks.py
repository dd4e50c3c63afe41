"""Workbooks of Excel for tests."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from openpyxl import Workbook

SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def workbook(path: Path, *rows: Iterable[Any], change: Callable[[Any, Workbook], object] | None = None) -> Path:
    """Save a workbook with these rows. ``change`` gets the sheet and the workbook before."""
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(list(row))
    if change is not None:
        change(sheet, book)
    book.save(path)
    return path


def share_texts(path: Path) -> Path:
    """Move the texts of the first sheet into the table of shared texts, where Excel itself writes them."""
    texts: list[bytes] = []

    def share(match: re.Match[bytes]) -> bytes:
        texts.append(match[2])
        return b'%s t="s"><v>%d</v></c>' % (match[1], len(texts) - 1)

    edit(path, SHEET, lambda xml: re.sub(rb'(<c [^>]*?) t="inlineStr"><is>(.*?)</is></c>', share, xml))
    items = b"".join(b"<si>%s</si>" % text for text in texts)
    edit(
        path,
        TEXTS,
        lambda _: b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</sst>' % items,
    )
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = b'<Override PartName="/%s" ContentType="%s" /></Types>' % (TEXTS.encode(), kind)
    return edit(path, "[Content_Types].xml", lambda xml: xml.replace(b"</Types>", part))


def edit(path: Path, member: str, change: Callable[[bytes], bytes]) -> Path:
    """Change a file in a workbook."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[member] = change(members.get(member, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path
