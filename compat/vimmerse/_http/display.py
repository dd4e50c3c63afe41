"""How models are shown: the summary that is their ``repr``, and the HTML that notebooks show."""

from __future__ import annotations

import reprlib
import textwrap
from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import urlsplit

from vimmerse._http.models import Model, field_values
from vimmerse._http.types import File

_MAX_TEXT = 40  # characters of a value in a summary
_MAX_HTML_TEXT = 200
_MAX_URL = 4096
_MAX_FILES = 4
_NO_BREAK = "\0"
_FILES = ("video_url", "result")
_VIDEOS = (".mp4", ".webm", ".mov", ".m4v")


def text(model: Model) -> str:
    """Return a summary of at most three lines of 80 characters, with no content of files.

    Id, status and the URLs of finished files come first, empty texts and lists last.
    """
    values = {name: value for name, value in field_values(model) if value is not None}
    parts = [f"{name}={_summary.repr(values[name])}" for name in sorted(values, key=lambda name: _rank(name, values))]
    if model.additional_properties:
        parts.append(f"and {len(model.additional_properties)} additional")
    # Lines end between fields: textwrap does not break at a NUL, which no summary holds.
    lines = textwrap.wrap(
        f"{type(model).__name__}({', '.join(part.replace(' ', _NO_BREAK) for part in parts)})",
        width=80,
        subsequent_indent="    ",
        max_lines=3,
        placeholder=" ...)",
        break_on_hyphens=False,
    )
    return "\n".join(lines).replace(_NO_BREAK, " ")


def _rank(name: str, values: Mapping[str, object]) -> int:
    if name == "id":
        return 0
    if name.endswith("status"):
        return 1
    if values[name] in ("", []):
        return 4
    return 2 if name in _FILES else 3


class _Summary(reprlib.Repr):
    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 2
        self.maxlist = self.maxdict = 2
        self.maxstring = self.maxlong = self.maxother = _MAX_TEXT

    def repr_int(self, x: int, level: int) -> str:
        # Python refuses to write very long ones out.
        return super().repr_int(x, level) if x.bit_length() < 1000 else f"<int of {x.bit_length()} bits>"

    def repr_instance(self, x: Any, level: int) -> str:
        if isinstance(x, str):
            return self.repr_str(str(x), level)
        if isinstance(x, bool | float):
            return repr(x)
        if isinstance(x, File):
            return f"File({self.repr1(x.to_tuple()[0], level)})"
        return f"{type(x).__name__}(...)"[:_MAX_TEXT]


_summary = _Summary()


def html(model: Model) -> str | None:
    """Return title, id, status, progress and files of a story or media; None for a model without a status.

    All of it is escaped, and only files at http and https URLs are linked: the service sends what callers wrote.
    """
    values = {name: value for name, value in field_values(model) if value is not None}
    status = values.get("status") or values.get("processing_status")
    if not isinstance(status, str):
        return None
    heading = values.get("title") or type(model).__name__
    lines = [f"<strong>{_escaped(heading)}</strong> <code>{_escaped(values.get('id', ''))}</code>"]
    percent = values.get("progress_percentage")
    lines.append(_escaped(status) + (f", {_escaped(percent)} %" if percent is not None else ""))
    items = [item for name in _FILES for item in _items(values.get(name))]
    files = [url for url in map(_file_url, items) if url]
    lines += [_file(url, playable=status == "success") for url in files[:_MAX_FILES]]
    if len(files) > _MAX_FILES:
        lines.append(f"and {len(files) - _MAX_FILES} more files")
    page = f"<div>{'<br>'.join(lines)}</div>"
    return page.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate is valid JSON, and no page can hold it


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _escaped(value: object) -> str:
    shown = str(value) if isinstance(value, str | int | float) else ""
    return escape(shown if len(shown) <= _MAX_HTML_TEXT else shown[:_MAX_HTML_TEXT] + "…")


def _file_url(item: object) -> str:
    """Return the URL of a file, or nothing if it is not one that a page may link to."""
    url = getattr(item, "url", item)
    if not isinstance(url, str) or len(url) > _MAX_URL:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def _file(url: str, *, playable: bool) -> str:
    address = escape(url)
    if playable and urlsplit(url).path.lower().endswith(_VIDEOS):
        return f'<video controls preload="metadata" width="480" src="{address}"></video>'
    shown = _escaped(url.split("?")[0])
    return f'<a href="{address}" target="_blank" rel="noopener noreferrer">{shown}</a>'
