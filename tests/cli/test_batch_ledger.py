"""``vimmerse batch``: commands about what is in the ledger. They send nothing."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from vimmerse.batch import Ledger, PlannedJob, State, export, html_report, read_ledger
from vimmerse.cli.base import State as CommandState
from vimmerse.cli.console import Console
from vimmerse.emulator import Emulator

from tests.cli.conftest import Vimmerse

STORY = "POST /v2/story/idea-2-video"
EVIL = "=cmd|' /C calc'!A1 <script>alert(1)</script>\x1b[31m"


def planned(*keys: str, place: str = "clips.csv", **values: Any) -> list[PlannedJob]:
    options: dict[str, Any] = {"operation": STORY, "estimate": 150, **values}
    return [
        PlannedJob(key=key, body={"idea": key}, place=f"{place}:{line}" if place else "", **options)
        for line, key in enumerate(keys, 2)
    ]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: an empty one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VIMMERSE_DATABASE_URL", raising=False)
    monkeypatch.delenv("VIMMERSE_API_KEY", raising=False)
    return tmp_path


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a batch with a job in every state that a person sees."""
    path = tmp_path_factory.mktemp("prepared") / "batch.sqlite"
    with Ledger(path, batch="clips", budget=1000, clock=lambda: 1_700_000_000.0) as ledger:
        ledger.plan(planned("boat", "cat", "dog", "eel", "fox", "gnu"))
        ledger.begin("boat").accepted("s1")
        ledger.end("boat", State.FINISHED, used_credits=140, result=["https://files.example/a.mp4?token=x"])
        ledger.settle(ledger.begin("cat"), TimeoutError("lost"))
        ledger.begin("dog").refused("INVALID: idea")
        ledger.begin("eel").accepted("s4")
        ledger.end("eel", State.FAILED, error="the service says: no")
        ledger.begin("fox").accepted("s5")
    return path


@pytest.fixture
def ledger(folder: Path, prepared: Path) -> Iterator[Ledger]:
    shutil.copy(prepared, folder)
    with Ledger(folder / "batch.sqlite", batch="clips") as ledger:
        yield ledger


# Which ledger, batch, row


def test_status_shows_states_and_credits(vimmerse: Vimmerse, ledger: Ledger) -> None:
    done = vimmerse("batch", "status")

    assert done.code == 0
    assert done.out.splitlines() == [
        "clips: 6 jobs: 1 planned, 1 accepted, 1 finished, 1 failed, 1 refused, 1 ambiguous",
        "  Budget: 1,000 credits; 290 spent, 300 booked, 410 left, 150 more for what was not sent yet",
    ]


def test_status_for_programs(vimmerse: Vimmerse, ledger: Ledger) -> None:
    ledger.of("empty")

    done = vimmerse("batch", "status", "--json")

    clips, empty = done.json["batches"]
    assert clips["states"] == dict.fromkeys(State, 1) | {"reserved": 0, "sending": 0, "cancelled": 0}
    assert (clips["budget"], clips["committed"], clips["spent"], clips["left"]) == (1000, 590, 290, 410)
    assert (empty["batch"], empty["jobs"], empty["budget"], empty["left"]) == ("empty", 0, None, None)


def test_status_of_all_batches_or_one(vimmerse: Vimmerse, ledger: Ledger) -> None:
    ledger.of("empty")

    assert "\nempty: 0 jobs\n  No budget; 0 spent, 0 booked\n" in vimmerse("batch", "status").out
    assert vimmerse("batch", "status", "--name", "empty").out.startswith("empty: 0 jobs\n")


def test_reading_changes_nothing(vimmerse: Vimmerse, ledger: Ledger) -> None:
    attempt = ledger.begin("gnu")
    before = list(ledger.jobs())

    for command in (["status"], ["report"], ["report", "--html"], ["export", "-"]):
        assert vimmerse("batch", *command).code == 0

    assert list(ledger.jobs()) == before
    assert ledger.batch_names() == ["clips"]
    attempt.accepted("s6")


@pytest.mark.parametrize(
    "command", [["status"], ["report"], ["export", "a.csv"], ["retry", "--failed"], ["resolve", "1", "--not-created"]]
)
def test_a_ledger_that_does_not_exist_is_not_created(vimmerse: Vimmerse, folder: Path, command: list[str]) -> None:
    done = vimmerse("batch", *command, "--db", "none.sqlite")

    assert (done.code, done.err) == (2, "vimmerse: There is no ledger none.sqlite.\n")
    assert list(folder.iterdir()) == []


def test_another_database_is_not_a_ledger(vimmerse: Vimmerse, folder: Path) -> None:
    import sqlite3

    path = folder / "other.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()
    before = path.read_bytes()

    done = vimmerse("batch", "status", "--db", "other.sqlite")

    assert done.error == "vimmerse: other.sqlite is not a ledger: it has no batches."
    assert path.read_bytes() == before


def test_a_file_that_is_no_database(vimmerse: Vimmerse, folder: Path) -> None:
    (folder / "clips.csv").write_text("idea\nA cat\n" * 1000)

    done = vimmerse("batch", "status", "--db", "clips.csv")

    assert done.code == 2
    assert "it is damaged, or not a database" in done.error


def test_batches_have_to_be_named_if_there_are_several(vimmerse: Vimmerse, ledger: Ledger) -> None:
    ledger.of("more")

    assert vimmerse("batch", "report").error == (
        "vimmerse: The ledger has several batches (clips, more): choose one with --name."
    )
    assert (
        vimmerse("batch", "report", "--name", "x").error == "vimmerse: The ledger has no batch 'x'; it has clips, more."
    )
    assert "resolve cat --job-id ID --name clips" in vimmerse("batch", "report", "--name", "clips").out
    assert ledger.batch_names() == ["clips", "more"]


def test_a_ledger_without_batches(vimmerse: Vimmerse, ledger: Ledger) -> None:
    import sqlite3

    with sqlite3.connect("batch.sqlite") as connection:
        connection.execute("DELETE FROM vimmerse_batches")

    assert vimmerse("batch", "status").out == "The ledger has no batches.\n"
    assert vimmerse("batch", "report").error == "vimmerse: The ledger has no batches."


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("postgresql:/u:secret-password@h/x", "it is not a URL: postgresql://USER:PASSWORD@HOST/NAME"),
        ("mysql://u:secret-password@h/x", "a ledger is in a file of SQLite"),
        ("postgresql://u:secret-password@h:port/x", "the location of the ledger can't be read"),
        ("postgresql://u:secret-password@127.0.0.1:1/x", "Connection refused"),
        ("postgresql://127.0.0.1:1/x?password=secret-password", "Connection refused"),
        ("postgresql://u:secret%2Dpassword@127.0.0.1:1/x", "Connection refused"),
    ],
)
def test_a_password_is_in_no_output(vimmerse: Vimmerse, location: str, message: str) -> None:
    done = vimmerse("batch", "status", "--debug", "--db", location)

    assert done.code == 2
    assert message in done.error
    assert not re.search("secret.{1,3}password", done.out + done.err)


def test_the_ledger_of_the_environment(vimmerse: Vimmerse, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_DATABASE_URL", "postgresql://u:secret-password@h:port/x")

    done = vimmerse("batch", "status")

    assert "the location of the ledger can't be read" in done.error
    assert "secret-password" not in done.err
    assert vimmerse("batch", "status", "--database-url", "sqlite:///batch.sqlite").out.startswith("clips: 6 jobs")


def test_passwords_are_masked() -> None:
    state = CommandState()

    for url in ("postgresql://u:long%21password@h/x?password=another1", "postgresql://u:in-brackets@[h", "a.sqlite"):
        state.mask_url(url)

    assert {"long%21password", "long!password", "another1", "in-brackets"} == set(state.secrets)


@pytest.mark.parametrize("argument", ["postgresql://u:secret-password@h/x", "--dp=postgresql://u:secret-password@h/x"])
def test_a_password_in_an_invalid_command_line_is_masked(vimmerse: Vimmerse, argument: str) -> None:
    done = vimmerse("batch", "status", argument)

    assert done.code == 2
    assert "secret-password" not in done.err


def test_a_password_in_an_argument_is_no_secret(vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://u:secret-password@127.0.0.1:1/x"
    monkeypatch.setenv("VIMMERSE_DATABASE_URL", url)

    seen = vimmerse("batch", "status", "--db", url)
    hidden = vimmerse("batch", "status")

    assert seen.err.startswith("Other users of this machine can see the password in --db.")
    assert len(seen.err.splitlines()) == 2
    assert len(hidden.err.splitlines()) == 1


@pytest.mark.parametrize("row", ["cat", "2", "clips.csv:3", "tables/clips.csv:3"])
def test_a_row_has_several_names(vimmerse: Vimmerse, ledger: Ledger, row: str) -> None:
    done = vimmerse("batch", "resolve", row, "--not-created")

    assert done.out == "clips.csv:3 (cat): not created. The next run sends it: vimmerse batch run\n"


def test_a_row_that_is_not_there(vimmerse: Vimmerse, ledger: Ledger) -> None:
    done = vimmerse("batch", "resolve", "99", "--not-created")

    assert done.error == (
        "vimmerse: The batch 'clips' has no row '99': name a key, the number of a row, or a place (clips.csv:17)."
    )


def test_a_row_that_may_be_two(vimmerse: Vimmerse, ledger: Ledger) -> None:
    ledger.plan(planned("other", number=2, place="more.csv"))
    ledger.plan(planned("3"))

    done = vimmerse("batch", "resolve", "2", "--not-created")

    assert done.code == 2
    assert "2 may be clips.csv:3 (cat), more.csv:2 (other): name the key" in done.error
    assert "The job '3' is planned" in vimmerse("batch", "resolve", "3", "--not-created").error  # a key comes first


# resolve


def test_an_id_is_looked_up_before_it_is_recorded(emulator: Emulator, vimmerse: Vimmerse, ledger: Ledger) -> None:
    story = vimmerse("story", "create", "--idea", "A cat", "--json").json["id"]

    wrong = vimmerse("batch", "resolve", "cat", "--job-id", "no-such-id")
    state = ledger.get("cat")
    done = vimmerse("batch", "resolve", "cat", "--job-id", story, "--json")

    assert (wrong.code, state and state.state) == (3, State.AMBIGUOUS)
    assert wrong.error == (
        "vimmerse: The service has no story no-such-id. Nothing was changed; --unchecked records the id all the same."
    )
    assert done.code == 0
    assert (done.json["state"], done.json["id"], done.json["credits"]) == ("accepted", story, 150)


def test_an_id_of_code_of_ones_own_may_be_of_any_kind(emulator: Emulator, vimmerse: Vimmerse, ledger: Ledger) -> None:
    media = vimmerse("media", "create", "--prompt", "A cat", "--json").json["id"]
    ledger.plan(planned("own", operation=""))
    ledger.begin("own").settle(TimeoutError())

    assert "no story or media x" in vimmerse("batch", "resolve", "own", "--job-id", "x").error
    assert vimmerse("batch", "resolve", "own", "--job-id", media).code == 0


def test_a_media_is_not_a_story(emulator: Emulator, vimmerse: Vimmerse, ledger: Ledger) -> None:
    story = vimmerse("story", "create", "--idea", "A cat", "--json").json["id"]
    ledger.plan(planned("clip", operation="POST /v2/media"))
    ledger.begin("clip").settle(TimeoutError())

    assert "has no media " in vimmerse("batch", "resolve", "clip", "--job-id", story).error


def test_an_id_that_can_not_be_looked_up_is_not_recorded(
    emulator: Emulator, vimmerse: Vimmerse, ledger: Ledger
) -> None:
    emulator.faults.add(status=503)

    assert vimmerse("batch", "resolve", "cat", "--job-id", "s9").code == 3
    assert ledger.summary().count(State.AMBIGUOUS) == 1
    assert vimmerse("batch", "resolve", "cat", "--job-id", "s9", "--unchecked").code == 0


def test_without_a_key_an_id_is_taken_as_it_is(vimmerse: Vimmerse, ledger: Ledger) -> None:
    done = vimmerse("batch", "resolve", "cat", "--job-id", "s9")

    assert done.out == "clips.csv:3 (cat): accepted, with the id s9. The next run waits for it: vimmerse batch run\n"
    assert done.err == "The id was not looked up, since there is no API key.\n"


@pytest.mark.parametrize("options", [[], ["--job-id", "s9", "--not-created"]])
def test_what_has_happened_has_to_be_said(vimmerse: Vimmerse, ledger: Ledger, options: list[str]) -> None:
    assert "either --job-id ID, or --not-created" in vimmerse("batch", "resolve", "cat", *options).error


@pytest.mark.parametrize("row", ["boat", "fox"])
def test_only_ambiguous_jobs_are_resolved(vimmerse: Vimmerse, ledger: Ledger, row: str) -> None:
    done = vimmerse("batch", "resolve", row, "--not-created")

    assert done.code == 2
    assert re.search(r"The job '\w+' is \w+, not ambiguous; its id is s\d. Nothing was changed.", done.error)


def test_a_key_with_a_hyphen(vimmerse: Vimmerse, ledger: Ledger) -> None:
    ledger.plan(planned("-x y"))
    ledger.resolve("cat", not_created=True)
    ledger.begin("-x y").settle(TimeoutError())
    (line,) = [line for line in vimmerse("batch", "report").out.splitlines() if "It was not" in line]

    assert line.endswith("vimmerse batch resolve --not-created -- '-x y'")
    assert vimmerse(*shlex.split(line.partition(": vimmerse")[2])).code == 0


# retry


def test_failed_jobs_are_planned_again(vimmerse: Vimmerse, ledger: Ledger) -> None:
    done = vimmerse("batch", "retry", "--failed")

    assert done.err == "Estimate: about 150 credits for 1 job; 410 of the budget are left\n"
    assert done.out == "1 job planned again. To send them: vimmerse batch run\n"
    assert {job.key for job in ledger.jobs(State.PLANNED)} == {"eel", "gnu"}
    assert vimmerse("batch", "retry", "--failed").out == "No job is failed. Nothing was changed.\n"


def test_rows_are_planned_again(vimmerse: Vimmerse, ledger: Ledger) -> None:
    ledger.budget = None

    done = vimmerse("batch", "retry", "dog", "clips.csv:5", "--json")

    assert done.json == {"retried": 2, "credits": 300}
    assert done.err == "Estimate: about 300 credits for 2 jobs\n"
    assert {job.key for job in ledger.jobs(State.PLANNED)} == {"dog", "eel", "gnu"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "say which jobs: --failed, --refused, --cancelled, or a ROW"),
        (["dog", "boat"], "(boat) is finished: only jobs that are failed or cancelled or refused can be tried again"),
        (["dog", "eel", "--refused"], "(eel) is failed: only jobs that are refused can be tried again"),
        (["cat"], "say first what has become of it: vimmerse batch resolve cat --not-created, or --job-id ID"),
    ],
)
def test_what_is_not_planned_again(vimmerse: Vimmerse, ledger: Ledger, arguments: list[str], message: str) -> None:
    before = list(ledger.jobs())

    done = vimmerse("batch", "retry", *arguments)

    assert done.code == 2
    assert message in done.error
    assert list(ledger.jobs()) == before


def test_retry_asks_on_a_terminal(vimmerse: Vimmerse, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Console, "can_ask", True)
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))

    assert vimmerse("batch", "retry", "--failed").code == 6
    assert ledger.summary().count(State.FAILED) == 1


# report


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


def test_a_long_report_is_cut(vimmerse: Vimmerse, folder: Path) -> None:
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


def test_a_page_loads_nothing_and_escapes_everything(folder: Path) -> None:
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


def test_a_page_without_a_budget_or_problems(folder: Path) -> None:
    with Ledger("a.sqlite") as ledger:
        without = "".join(html_report(ledger))
        ledger.budget = 0
        empty = "".join(html_report(ledger))

    assert "No budget. 0 credits spent" in without
    assert "What to do" not in without
    assert "100%" in empty


def test_a_page_is_saved_once(vimmerse: Vimmerse, ledger: Ledger, folder: Path) -> None:
    path = folder / "report.html"

    done = vimmerse("batch", "report", "--html", "-o", path)
    again = vimmerse("batch", "report", "--html", "-o", path)

    assert done.out == f"Saved {path} ({path.stat().st_size:,} bytes)\n"
    assert (again.code, "use --overwrite" in again.error) == (2, True)
    assert vimmerse("batch", "report", "--html", "-o", path, "--overwrite").code == 0
    assert "--html can't" in vimmerse("batch", "report", "--html", "--json").error
    assert "--output is the file of --html" in vimmerse("batch", "report", "-o", path).error


# export


def rows_of(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".csv":
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text().splitlines()]
    from openpyxl import load_workbook

    sheet: Any = load_workbook(path).active
    titles, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(titles, row, strict=True)) for row in rows]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".xlsx", ".CSV"])
def test_export_has_every_job(vimmerse: Vimmerse, ledger: Ledger, folder: Path, suffix: str) -> None:
    ledger.add_file("boat", "out/boat.mp4")
    path = folder / f"results{suffix}"

    done = vimmerse("batch", "export", path)

    assert done.out == f"Saved {path} (6 jobs)\n"
    rows = rows_of(path.rename(path.with_suffix(suffix.lower())))
    assert [row["key"] for row in rows] == ["boat", "cat", "dog", "eel", "fox", "gnu"]
    boat = {name: value for name, value in rows[0].items() if value not in ("", None, [])}
    lists = {"urls": ["https://files.example/a.mp4?token=x"], "files": ["out/boat.mp4"]}
    time = "2023-11-14T22:13:20+00:00"
    expected: dict[str, Any] = {
        "key": "boat", "row": 1, "place": "clips.csv:2", "operation": STORY, "state": "finished", "id": "s1",
        "estimate": 150, "credits": 140, "attempts": 1, **lists,
        "planned_at": time, "sent_at": time, "accepted_at": time, "ended_at": time,
    }  # fmt: skip
    if suffix != ".jsonl":
        expected |= {name: "|".join(value) for name, value in lists.items()}
    if suffix.lower() == ".csv":
        expected = {name: str(value) for name, value in expected.items()}
    assert boat == expected


def test_export_of_some_states_to_standard_output(vimmerse: Vimmerse, ledger: Ledger) -> None:
    done = vimmerse("batch", "export", "-", "--state", "failed", "--state", "ambiguous")

    assert [row["error"] for row in csv.DictReader(io.StringIO(done.out))] == [
        "TimeoutError: lost",
        "the service says: no",
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\t=1", "\r\n=1", "\N{FULLWIDTH EQUALS SIGN}1"]
)
def test_formulas_are_harmless(folder: Path, text: str) -> None:
    with Ledger("a.sqlite") as ledger:
        ledger.plan(planned("k"))
        ledger.begin("k").accepted("s1")
        ledger.end("k", State.FINISHED, result=[text], used_credits=1.5)
        ledger.add_file("k", text)
        for name in ("a.csv", "a.xlsx", "a.jsonl"):
            assert export(ledger.jobs(), name) == 1

    (cells,) = rows_of(folder / "a.csv")
    (plain,) = rows_of(folder / "a.jsonl")
    from openpyxl import load_workbook

    sheet: Any = load_workbook("a.xlsx").active
    (cell,) = sheet["M"][1:]
    for name in ("urls", "files"):
        assert cells[name].startswith(("'", "\\"))
        assert plain[name] == [text]
    assert cells["credits"] == "1.5"
    assert cell.data_type == "s"


def test_an_export_does_not_replace_a_table(vimmerse: Vimmerse, ledger: Ledger, folder: Path) -> None:
    table = folder / "clips.csv"
    table.write_text("idea\nA cat\n")

    done = vimmerse("batch", "export", table)

    assert (done.code, "use --overwrite" in done.error) == (2, True)
    assert table.read_text() == "idea\nA cat\n"
    assert vimmerse("batch", "export", table, "--overwrite").code == 0


def test_an_export_that_can_not_be_written(vimmerse: Vimmerse, ledger: Ledger, folder: Path) -> None:
    other = vimmerse("batch", "export", "results.pdf")
    lost = vimmerse("batch", "export", "none/results.csv")

    assert "the suffix must be .csv, .jsonl, .xlsx, not .pdf" in other.error
    assert lost.code == 2
    assert "There is no such directory" in lost.error


def test_an_export_that_fails_leaves_nothing(ledger: Ledger, folder: Path) -> None:
    def jobs() -> Iterator[Any]:
        yield from ledger.jobs()
        raise RuntimeError

    before = set(folder.iterdir())
    with pytest.raises(RuntimeError):
        export(jobs(), "results.csv")
    assert set(folder.iterdir()) == before


def test_a_missing_extra_is_named(vimmerse: Vimmerse, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)

    done = vimmerse("batch", "export", "a.xlsx")

    assert (done.code, done.error) == (2, "vimmerse: Excel's format needs openpyxl: pip install 'vimmerse[excel]'")


def test_without_sqlalchemy_the_error_names_the_extra() -> None:
    code = "import sys; sys.modules['sqlalchemy'] = None; from vimmerse.cli import main; sys.exit(main())"

    done = subprocess.run([sys.executable, "-c", code, "batch", "status"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (2, "vimmerse: a ledger needs SQLAlchemy: pip install 'vimmerse[batch]'\n")


def test_a_ledger_is_read_in_python(ledger: Ledger) -> None:
    with read_ledger() as batches:
        assert [(batch.batch, batch.summary().total) for batch in batches] == [("clips", 6)]
