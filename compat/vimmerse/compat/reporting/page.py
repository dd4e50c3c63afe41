"""Tables as one HTML page that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from vimmerse._http.redaction import one_line

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1c1c1e }
table { border-collapse: collapse; width: 100%; margin-bottom: 2rem }
th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #ddd; vertical-align: top }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere }
@media (prefers-color-scheme: dark) { body { background: #1c1c1e; color: #eee } th, td { border-color: #444 } }
"""
_NUMBERS = frozenset({"Calls", "Failed", "Credits", "Price unknown"})


def document(title: str, command: str, tables: Iterable[str]) -> str:
    """Return the page with these tables. All of its text is escaped, and it loads nothing."""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>v1 calls</title>\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{_STYLE}</style></head>\n<body>\n<h1>{_text(title)}</h1>\n"
        f"<p>Credits are estimates. What to change: <code>{_text(command)}</code></p>\n"
        f"{''.join(tables)}</body></html>\n"
    )


def table(title: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]], omitted: int = 0) -> str:
    """Return a table; empty text if it has no rows. ``omitted``: how many calls have no row of their own."""
    lines = ["".join(map(_cell, columns, row)) for row in rows]
    head = "".join(f"<th{_class(column)}>{_text(column)}</th>" for column in columns)
    body = "".join(f"<tr>{line}</tr>\n" for line in lines)
    content = f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>\n" if lines else ""
    note = f"<p>Calls that are not listed: {omitted}</p>\n" if omitted else ""
    return f"<h2>{_text(title)}</h2>\n{content}{note}" if lines or omitted else ""


def _cell(column: str, value: object) -> str:
    text = _text(value)
    code = text and column not in _NUMBERS and column != "Why"
    return f"<td{_class(column)}>{f'<code>{text}</code>' if code else text}</td>"


def _class(column: str) -> str:
    return ' class="number"' if column in _NUMBERS else ""


def _text(value: object) -> str:
    return escape(one_line(str(value)))
