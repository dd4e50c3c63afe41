"""The report of a batch as one HTML page, which needs no other file, no network and no JavaScript."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

from vimmerse._http.redaction import one_line
from vimmerse.batch.overview import Overview, advice, amount, label, overview_of
from vimmerse.batch.records import JobRecord
from vimmerse.batch.states import State

if TYPE_CHECKING:
    from vimmerse.batch.ledger import Reader

_STYLE = """
:root { color-scheme: light dark; --text: #1c2024; --soft: #5b6570; --back: #fff; --box: #f5f7f9; --line: #d8dee4;
  --link: #0b5cad; --good: #1a7f37; --bad: #b3261e; --warning: #8a5300; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ec; --soft: #9aa5b1; --back: #14181c; --box: #1d2328;
  --line: #39424b; --link: #7db7f5; --good: #6fd08c; --bad: #ff8a80; --warning: #f0b45c; } }
body { margin: 0 auto; max-width: 80rem; padding: 1.5rem; background: var(--back); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; }
h1, h2 { line-height: 1.25; overflow-wrap: anywhere; } h2 { margin-top: 2.5rem; }
a { color: var(--link); } .soft { color: var(--soft); } .number { text-align: right; white-space: nowrap; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } table.small { width: auto; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .75rem .35rem 0; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; } td.number { overflow-wrap: normal; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
section { background: var(--box); border-left: 4px solid var(--bad); margin: 1rem 0; padding: .5rem 1rem; }
section.ambiguous { border-color: var(--warning); }
progress { width: 100%; max-width: 40rem; }
.finished { color: var(--good); } .failed, .cancelled, .refused { color: var(--bad); } .ambiguous b, td .ambiguous {
  color: var(--warning); }
@media print { body { max-width: none; padding: 0; font-size: 10pt; } a { color: inherit; } }
"""


def html_report(batch: Reader) -> Iterator[str]:
    """Yield the report of a batch, in pieces: totals, budget, what to do, and every job.

        with Ledger() as ledger, open("report.html", "w") as file:
            file.writelines(html_report(ledger))

    The page is in ASCII, loads nothing, and has links to the results.
    """
    for line in _lines(batch):
        yield line.encode("ascii", "xmlcharrefreplace").decode() + "\n"


def _lines(batch: Reader) -> Iterator[str]:
    overview = overview_of(batch)
    title = f"Batch {_text(batch.batch)}"
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>"
    )
    written = datetime.now(UTC).isoformat(" ", "minutes").removesuffix("+00:00")
    yield f'<p class="soft">{_text(batch.location)}, written at {written} UTC</p>'
    yield from _budget(overview)
    yield from _states(overview)
    yield from _problems(batch, overview)
    yield "<h2>Jobs</h2>"
    yield from _table(("place", "key", "state", "#credits", "id", "result", "error", "ended (UTC)"), _jobs(batch))
    yield "</body>\n</html>"


def _text(text: str) -> str:
    return escape(one_line(text))


def _table(titles: Iterable[str], rows: Iterable[Iterable[str]], style: str = "") -> Iterator[str]:
    """A table of HTML cells. A column whose title starts with ``#`` has numbers."""
    styles = [' class="number"' if title.startswith("#") else "" for title in titles]
    heads = zip(titles, styles, strict=True)
    yield f'<div class="scroll"><table{style}><thead><tr>'
    yield "".join(f'<th scope="col"{style}>{title.removeprefix("#")}</th>' for title, style in heads)
    yield "</tr></thead><tbody>"
    for row in rows:
        yield "<tr>" + "".join(f"<td{style}>{cell}</td>" for cell, style in zip(row, styles, strict=True)) + "</tr>"
    yield "</tbody></table></div>"


def _budget(overview: Overview) -> Iterator[str]:
    summary = overview.summary
    spent, booked = amount(summary.spent), amount(summary.committed - summary.spent)
    if summary.budget is None:
        yield f"<p>No budget. {spent} credits spent, {booked} booked for jobs that have not ended.</p>"
        return
    used = min(1.0, summary.committed / summary.budget) if summary.budget else 1.0
    yield f"<p>Budget: <b>{amount(summary.budget)}</b> credits. {spent} spent, {booked} booked for jobs that have not "
    yield f"ended, {amount(summary.left or 0)} left. Jobs that were not sent yet: {amount(summary.planned)} more.</p>"
    yield f'<progress value="{used:.4f}" max="1">{used:.0%}</progress>'


def _states(overview: Overview) -> Iterator[str]:
    counts = overview.summary.counts
    rows = [
        (f'<span class="{state}">{state}</span>', f"{counts[state]:,}", amount(overview.credits[state]))
        for state in State
        if state in counts
    ]
    total = (f"{overview.summary.total:,}", amount(sum(overview.credits.values())))
    yield "<h2>States</h2>"
    rows.append(("<b>all</b>", *total))
    yield from _table(("state", "#jobs", "#credits"), rows, ' class="small"')


def _problems(batch: Reader, overview: Overview) -> Iterator[str]:
    if not overview.jobs:
        return
    yield "<h2>What to do</h2>"
    for state, jobs in overview.jobs.items():
        count = max(overview.summary.count(state), len(jobs))
        yield f'<section class="{state}"><p><b>{count:,} {state}.</b> '
        yield "<br>".join(map(_text, advice(batch, state, jobs))) + "</p>\n<ul>"
        yield from (f"<li>{_text(label(job))}: {_text(job.error or 'no reason is known')}</li>" for job in jobs)
        if count > len(jobs):
            yield f"<li>and {count - len(jobs):,} more, which are in the list below</li>"
        yield "</ul></section>"


def _jobs(batch: Reader) -> Iterator[tuple[str, ...]]:
    for job in batch.jobs():
        yield (
            _text(job.place or f"row {job.number}"),
            f"<code>{_text(job.key)}</code>",
            f'<span class="{job.state}">{job.state}</span>',
            amount(job.credits),
            f"<code>{_text(job.job_id)}</code>" if job.job_id else "",
            "<br>".join([*_links(job), *(_text(path) for path in job.files)]),
            _text(job.error),
            _time(job.ended_at),
        )


def _links(job: JobRecord) -> Iterator[str]:
    for number, url in enumerate(job.result, 1):
        if url.lower().startswith(("http://", "https://")):  # no javascript:
            yield f'<a href="{_text(url)}" rel="noopener noreferrer">result {number}</a>'
        else:
            yield _text(url)


def _time(timestamp: float | None) -> str:
    return "" if timestamp is None else datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d %H:%M:%S")
