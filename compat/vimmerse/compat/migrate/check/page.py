"""A report as one HTML page, which needs no other file, no network and no JavaScript."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby

from vimmerse.compat.migrate.check.findings import CheckReport, Finding, Result
from vimmerse.compat.migrate.check.kinds import KINDS, SECTIONS, guide_url

_STYLE = """
:root { color-scheme: light dark; --text: #1c2024; --soft: #5b6570; --back: #fff; --box: #f5f7f9; --line: #d8dee4;
  --link: #0b5cad; --error: #b3261e; --warning: #8a5300; --note: #2b5f8a; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ec; --soft: #9aa5b1; --back: #14181c; --box: #1d2328;
  --line: #39424b; --link: #7db7f5; --error: #ff8a80; --warning: #f0b45c; --note: #8cc1ee; } }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; background: var(--back); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; }
h1, h2, h3 { line-height: 1.25; } h2 { margin-top: 2.5rem; }
h3 { overflow-wrap: anywhere; font: 600 1rem/1.5 ui-monospace, monospace; }
a { color: var(--link); } .soft { color: var(--soft); } .number { text-align: right; white-space: nowrap; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .75rem .35rem 0; text-align: left; vertical-align: top; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
ol { list-style: none; padding: 0; }
li.place { background: var(--box); border-left: 4px solid var(--note); margin: .5rem 0; padding: .5rem .75rem;
  break-inside: avoid; }
li.warning { border-color: var(--warning); } li.error { border-color: var(--error); }
li ul { margin: .25rem 0 0; padding-left: 1.25rem; overflow-wrap: anywhere; }
.error b { color: var(--error); } .warning b { color: var(--warning); } .note b { color: var(--note); }
@media print { body { max-width: none; padding: 0; font-size: 10pt; } a { color: inherit; } }
"""
_HEAD = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>v1 calls</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>v1 calls</h1>"""


def to_html(report: CheckReport) -> str:
    """The page, in ASCII, so that every encoding can hold it."""
    lines = [_HEAD, *_summary(report), *_operations(report), *_files(report), *_kinds(report), *_remarks(report)]
    return "\n".join([*lines, "</body>", "</html>"]).encode("ascii", "xmlcharrefreplace").decode()


def _table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A table of HTML cells. A column whose title starts with ``#`` has numbers."""
    titles = list(titles)
    heads = [title.removeprefix("#") for title in titles]
    styles = [' class="number"' if title.startswith("#") else "" for title in titles]
    yield '<div class="scroll"><table><thead><tr>'
    yield "".join(f'<th scope="col"{style}>{head}</th>' for head, style in zip(heads, styles, strict=True))
    yield "</tr></thead><tbody>"
    for row in rows:
        yield "<tr>" + "".join(f"<td{style}>{cell}</td>" for cell, style in zip(row, styles, strict=True)) + "</tr>"
    yield "</tbody></table></div>"


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _link(address: str, text: str) -> str:
    return f'<a href="{escape(address)}">{text}</a>'


def _summary(report: CheckReport) -> Iterator[str]:
    numbers = report.summary()
    yield (
        f"<p>{numbers['calls']} v1 calls in {numbers['files_with_calls']} of {numbers['files']} files: "
        f"{numbers['lossy']} with losses, {numbers['stays_on_v1']} that only v1 can make. "
        f"Other problems: {numbers['problems']}.</p>"
    )


def _operations(report: CheckReport) -> Iterator[str]:
    """The calls by what they are. A call that may be several operations has a row for these together."""
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        groups[finding.operation].append(finding)
    if groups:
        yield "<h2>By operation</h2>"
        rows = []
        for v1, findings in sorted(groups.items()):
            v2 = " or ".join(each or "none" for each in findings[0].v2 or ("",))
            name = _link(guide_url(SECTIONS[v1]), _code(v1)) if v1 in SECTIONS else _code(v1)
            rows.append((name, _code(v2), *_counts(findings)))
        yield from _table(("v1", "v2", "#calls", "#lossy", "#only v1"), rows)


def _counts(findings: list[Finding]) -> tuple[str, str, str]:
    lossy = sum(each.loses and not each.stays for each in findings)
    return str(len(findings)), str(lossy), str(sum(each.stays for each in findings))


def _files(report: CheckReport) -> Iterator[str]:
    """A table of the files, and the places in each."""
    findings: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        findings[finding.path].append(finding)
    files = [(path, list(results)) for path, results in groupby(report.results(), lambda each: each.path)]
    if not files:
        return
    yield "<h2>By file</h2>"
    rows = [
        (_link(f"#file-{number}", _code(path)), str(len(results)), *_counts(findings[path]))
        for number, (path, results) in enumerate(files, 1)
    ]
    yield from _table(("file", "#places", "#calls", "#lossy", "#only v1"), rows)
    yield "<h2>Places</h2>"
    for number, (path, results) in enumerate(files, 1):
        yield f'<section><h3 id="file-{number}">{escape(path)}</h3><ol>'
        for result in results:
            yield from _place(result)
        yield "</ol></section>"


def _place(result: Result) -> Iterator[str]:
    place = f"line {result.line}" if result.line else ""
    place += f", column {result.column}" if result.column else ""
    title = f'<span class="soft">{place}</span> <b>{escape(result.kind.title)}</b>'
    yield f'<li class="place {result.kind.severity}">{title}'
    guide = _link(guide_url(result.section), "guide")
    yield f'<div>{escape(result.text)} <span class="soft">({guide})</span></div>'
    if result.details:
        yield "<ul>" + "".join(f"<li>{escape(detail)}</li>" for detail in result.details) + "</ul>"
    yield "</li>"


def _kinds(report: CheckReport) -> Iterator[str]:
    found = {result.kind.id for result in report.results()}
    if found:
        yield "<h2>What these mean</h2>"
        rows = [
            (f'<span class="{kind.severity}"><b>{escape(kind.title)}</b></span>', escape(kind.help))
            for kind in KINDS.values()
            if kind.id in found
        ]
        yield from _table(("kind", "meaning"), rows)


def _remarks(report: CheckReport) -> Iterator[str]:
    remarks = [remark for remark in report.remarks if remark.kind != "unsure"]
    if remarks:
        yield "<h2>Files that were not read, or not entirely</h2>"
        rows = [(_code(each.place), escape(f"{each.kind}: {each.text}")) for each in remarks]
        yield from _table(("file", "why"), rows)
