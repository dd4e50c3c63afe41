"""``vimmerse batch report``: as text, for programs, and as a page."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from vimmerse.batch import Ledger, State, html_report

from tests.cli.batches import planned
from tests.cli.conftest import Vimmerse

pytestmark = pytest.mark.usefixtures("batch_folder")
EVIL = "=cmd|' /C calc'!A1 <script>alert(1)</script>\x1b[31m"


def test_the_report_says_what_to_do(vimmerse: Vimmerse, ledger: Ledger) -> None:
    assert (
        vimmerse("batch", "report").out
        == """\
state      jobs  credits
planned       1        0
accepted      1      150
finished      1      140
failed        1      150
refused       1        0
ambiguous     1      150
all           6      590
Budget: 1,000 credits; 290 spent, 300 booked, 410 left, 150 more for what was not sent yet
1 job ambiguous:
  clips.csv:3 (cat): TimeoutError: lost
  The service may have created these jobs, so they are not sent again. Look for them in your account, and say what has \
happened:
  It was created: vimmerse batch resolve cat --job-id ID
  It was not: vimmerse batch resolve cat --not-created
1 job refused:
  clips.csv:4 (dog): INVALID: idea
  The service has not created these jobs, and they cost nothing.
  A refusal that may pass, such as too many calls, is sent again by the next run.
  To try again: vimmerse batch retry --refused and then vimmerse batch run
1 job failed:
  clips.csv:5 (eel): the service says: no
  These jobs have failed on the service. Another attempt is paid again.
  To try again: vimmerse batch retry --failed and then vimmerse batch run
"""
    )


def test_a_report_for_programs(vimmerse: Vimmerse, ledger: Ledger) -> None:
    document = vimmerse("batch", "report", "--json").json

    assert list(document["attention"]) == ["ambiguous", "refused", "failed"]
    assert document["attention"]["failed"]["jobs"][0]["error"] == "the service says: no"
    assert document["batch"] == "clips"


def test_a_long_report_is_cut(vimmerse: Vimmerse, batch_folder: Path) -> None:
    with Ledger("other.sqlite") as ledger:
        ledger.plan(planned(*map(str, range(25)), place=""))
        for job in list(ledger.jobs()):
            ledger.begin(job.key).refused("no")
        page = "".join(html_report(ledger))

    done = vimmerse("batch", "report", "--db", "other.sqlite")

    assert (
        "  row 20 (19): no\n  and 5 more: vimmerse batch export FILE.csv --state refused --db other.sqlite\n"
        in done.out
    )
    assert "row 21" not in done.out
    assert "and 5 more, which are in the list below" in page
    assert "row 25" in page


class Page(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_page_loads_nothing_and_escapes_everything(batch_folder: Path) -> None:
    with Ledger("a.sqlite", batch=EVIL.partition("\x1b")[0]) as ledger:
        ledger.plan(planned("<b>", '"><img src=x>', "k", place=EVIL))
        ledger.begin("<b>").refused(EVIL)
        for key, url in (('"><img src=x>', "javascript:alert(1)"), ("k", 'https://x.example/"onload="a')):
            ledger.begin(key).accepted(f"<i>{key}")
            ledger.end(key, State.FINISHED, result=[url], status=EVIL)
        ledger.add_file("k", "<u>.mp4")
        text = "".join(html_report(ledger))

    page = Page(text)
    assert text.isascii()
    assert text.isprintable() or set(text) - {"\n"} <= set(map(chr, range(32, 127)))
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "img", "link", "i", "u", "iframe"}
    assert [values["href"] for tag, values in page.tags if tag == "a"] == ['https://x.example/"onload="a']
    assert not [values for _, values in page.tags if set(values) & {"src", "onload"}]
    assert "<script>alert(1)</script>" in page.text
    assert "javascript:alert(1)" in page.text
    assert "default-src 'none'" in text


def test_a_page_has_totals_and_every_job(vimmerse: Vimmerse, ledger: Ledger) -> None:
    page = Page(vimmerse("batch", "report", "--html").out)

    assert "Budget: 1,000 credits. 290 spent, 300 booked" in " ".join(page.text.split())
    assert ("progress", {"value": "0.5900", "max": "1"}) in page.tags
    for key in ("boat", "cat", "dog", "eel", "fox", "gnu"):
        assert key in page.text
    assert "vimmerse batch resolve cat --job-id ID" in page.text
    assert "2023-11-14 22:13:20" in page.text


def test_a_page_without_a_budget_or_problems(batch_folder: Path) -> None:
    with Ledger("a.sqlite") as ledger:
        without = "".join(html_report(ledger))
        ledger.budget = 0
        empty = "".join(html_report(ledger))

    assert "No budget. 0 credits spent" in without
    assert "What to do" not in without
    assert "100%" in empty


def test_a_page_is_saved_once(vimmerse: Vimmerse, ledger: Ledger, batch_folder: Path) -> None:
    path = batch_folder / "report.html"

    done = vimmerse("batch", "report", "--html", "-o", path)
    again = vimmerse("batch", "report", "--html", "-o", path)

    assert done.out == f"Saved {path} ({path.stat().st_size:,} bytes)\n"
    assert (again.code, "use --overwrite" in again.error) == (2, True)
    assert vimmerse("batch", "report", "--html", "-o", path, "--overwrite").code == 0
    assert vimmerse("batch", "report", "--html", "-o", "-").out.startswith("<!DOCTYPE html>")
    assert not Path("-").exists()
    assert "--html can't" in vimmerse("batch", "report", "--html", "--json").error
    assert "--output is the file of --html" in vimmerse("batch", "report", "-o", path).error
