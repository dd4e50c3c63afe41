"""``vimmerse batch run``: what it checks and shows before anything is sent."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from vimmerse.cli.console import Console
from vimmerse.emulator import Emulator

from tests.cli.batches import RUN, creations, states, write
from tests.cli.conftest import Vimmerse

pytestmark = pytest.mark.usefixtures("batch_folder")


def test_a_dry_run_prices_the_table(
    vimmerse: Vimmerse, table: Path, batch_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VIMMERSE_API_KEY", raising=False)
    with table.open("a") as file:
        file.write(",A story of three scenes,\n")

    done = vimmerse("batch", "run", "clips.csv", "--dry-run", "--budget", 500)

    assert done.code == 0
    assert done.out.splitlines() == [
        "operation  video tool  rows  credits",
        "idea       Auto           4      300",
        "all                       4      300",
        "To send: 4, for about 300 credits; 500 of the budget of 500 are left",
        "Nothing was sent.",
    ]
    assert [path.name for path in batch_folder.iterdir()] == ["clips.csv"]


def test_a_dry_run_for_programs(vimmerse: Vimmerse, batch_folder: Path) -> None:
    write(batch_folder, "A cat,KlingAI", "A dog,NewTool", header="prompt,video_tool")

    done = vimmerse("batch", "run", "clips.csv", "--dry-run", "--budget", 60, "--json")

    assert done.code == 6
    by_tool = done.json["by_tool"]
    assert [(each["operation"], each["video_tool"], each["rows"]) for each in by_tool] == [
        ("media", "KlingAI", 1),
        ("media", "NewTool", 1),
    ]
    assert any("'NewTool' costs" in assumption for assumption in done.json["assumptions"])
    assert (done.json["fits"], done.json["left"], done.json["to_send"]) == (False, 60, 2)
    assert "assuming: 'NewTool' costs" in vimmerse("batch", "run", "clips.csv", "--dry-run").out


def test_a_dry_run_knows_the_ledger(emulator: Emulator, vimmerse: Vimmerse, table: Path, batch_folder: Path) -> None:
    vimmerse(*RUN, "--budget", 100, "--concurrency", 1)
    with table.open("a") as file:
        file.write("eel,An eel,2\n")
    sent = creations(emulator)

    done = vimmerse("batch", "run", "clips.csv", "--dry-run")
    rest = vimmerse("batch", "run", "--dry-run", "--budget", 200)

    assert done.code == 6
    assert done.out.splitlines()[-3:] == [
        "In the ledger already: 2 finished, 1 planned",
        "To send: 2, for about 150 credits; 0 of the budget of 100 are left, which does not cover all",
        "Nothing was sent.",
    ]
    assert "To send: 1 (1 of them from the ledger only), for about 50 credits; 100 of the budget of 200" in rest.out
    assert creations(emulator) == sent


def test_a_row_that_was_removed_is_still_sent_and_a_note_says_so(
    emulator: Emulator, vimmerse: Vimmerse, table: Path, batch_folder: Path
) -> None:
    vimmerse(*RUN, "--budget", 0)
    write(batch_folder, "boat,A boat,1")

    done = vimmerse("batch", "run", "clips.csv", "--dry-run", "--budget", 500)

    assert "2 jobs of the ledger have no row in this table: changed or removed since" in done.err
    hint = next(line for line in done.err.splitlines() if "no row" in line).partition("To see them: vimmerse ")[2]
    listed = vimmerse(*shlex.split(hint))
    assert [line.partition(",")[0] for line in listed.out.splitlines()] == ["key", "boat", "cat", "dog"]
    write(batch_folder, "boat,A boat,1", "cat,A cat,1")
    one = vimmerse("batch", "run", "clips.csv", "--dry-run", "--budget", 500)
    assert "1 job of the ledger has no row in this table" in one.err
    assert creations(emulator) == 0


def test_a_row_with_another_key_is_paid_again_and_a_note_says_so(
    emulator: Emulator, vimmerse: Vimmerse, batch_folder: Path
) -> None:
    """As when keys are added to a table that had none."""
    write(batch_folder, "A cat,1", "A dog,1", header="idea,scene_count")
    vimmerse(*RUN, "--budget", 500)
    again = vimmerse("batch", "run", "clips.csv", "--dry-run")

    write(batch_folder, "cat,A cat,1", "dog,A dog,1", "eel,An eel,1")
    keyed = vimmerse("batch", "run", "clips.csv", "--dry-run")
    write(batch_folder, ",A cat,1", "dog,A dog,1", "copy,A cat,1")
    one = vimmerse("batch", "run", "clips.csv", "--dry-run")

    assert again.err == ""
    assert keyed.err.startswith("2 rows ask for the same as jobs of this batch that were paid under other keys, which ")
    assert "To send: 3" in keyed.out
    assert one.err.startswith("1 row asks for the same as jobs of this batch that were paid under other keys, which ")


def test_all_errors_are_shown_at_once(emulator: Emulator, vimmerse: Vimmerse, batch_folder: Path) -> None:
    write(batch_folder, "a,A cat,1", "a,A dog,1", "b,A cat,zwei", ",,1")

    done = vimmerse(*RUN, "--budget", 500)

    assert done.code == 2
    assert "clips.csv:4: scene_count: " in done.err
    assert "clips.csv:3: key: 'a' is the key of clips.csv:2, too" in done.err
    assert done.error == "vimmerse: The table can't be used: 3 problems. Nothing was sent."
    assert emulator.requests == ()
    assert [path.name for path in batch_folder.iterdir()] == ["clips.csv"]


def test_of_many_errors_the_first_are_shown(vimmerse: Vimmerse, batch_folder: Path) -> None:
    write(batch_folder, *(f"k{number},A cat,x" for number in range(50)))

    done = vimmerse("batch", "run", "clips.csv", "--dry-run")

    assert len(done.err.splitlines()) == 21
    assert done.error == "vimmerse: The table can't be used: 50 problems, the first 20 of them above. Nothing was sent."


def test_of_many_remarks_the_first_are_shown(vimmerse: Vimmerse, batch_folder: Path) -> None:
    write(batch_folder, *(f"k{number},A cat,KlingAI{number}" for number in range(30)), header="key,idea,video_tool")

    done = vimmerse("batch", "run", "clips.csv", "--dry-run")

    assert done.code == 0
    assert len(done.err.splitlines()) == 21
    assert done.error.endswith(" more remarks")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.csv"], "none.csv: there is no such file"),
        (["clips.csv", "--budget", "-1"], "is not a number of credits, 0 or more"),
        (["clips.csv"], "--budget is missing: credits that this batch may cost, or none for no limit"),
        (["clips.csv", "--budget", "inf"], "say none for no limit"),
        (["clips.csv", "--encoding", "latin-99"], "latin-99"),
        (["clips.csv", "--budget", "1", "--engine", "dbos"], "--engine dbos needs a ledger in PostgreSQL"),
        (["clips.csv", "--webhook-url", "example.com"], "it must begin with http:// or https://"),
        (
            ["clips.csv", "--webhook-url", "https://h.example/in?a=1"],
            "'--webhook-url': it must have a host, and neither a",
        ),
        (["clips.csv", "--download", "clips.csv"], "is a file"),
        (["clips.csv", "--download", ""], "it is empty; name a folder"),
        (["", "--budget", "1"], "the table: its name is empty"),
        (["clips.csv", "--patience", "-1"], "is not in the range x>=0"),
        (["clips.csv", "--concurrency", "0"], "--concurrency"),
        ([], "There is no ledger batch.sqlite."),
        (["clips.csv", "--db", "none/batch.sqlite", "--budget", "1"], "its folder does not exist"),
        (["clips.csv", "--name", "a\nb", "--budget", "1"], "batch is 'a\\nb'"),
        (["clips.csv", "--budget", "1", "--api-key-file", "none"], "--api-key-file none"),
        (["clips.csv", "--budget", "1", "--base-url", "ftp://x"], "base_url must be an http or https URL"),
    ],
)
def test_an_error_before_anything_is_sent(
    emulator: Emulator, vimmerse: Vimmerse, table: Path, arguments: list[str], message: str
) -> None:
    done = vimmerse("batch", "run", *arguments)

    assert done.code == 2
    assert message in done.err
    assert emulator.requests == ()
    assert not Path("batch.sqlite").exists()


def test_a_number_of_seconds_that_is_none(emulator: Emulator, vimmerse: Vimmerse, table: Path) -> None:
    done = vimmerse("batch", "run", "clips.csv", "--budget", 500, "--patience", "nan")

    assert done.code == 2
    assert "patience is nan; it must be a number of seconds, 0 or more" in done.error
    assert emulator.requests == ()


def test_the_table_may_be_closed_standard_input(vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)

    done = vimmerse("batch", "run", "-", "--budget", "None")

    assert (done.code, done.err.splitlines()[0]) == (2, "standard input: it is closed")


def test_a_table_that_grows_while_its_price_is_confirmed_is_not_sent(
    emulator: Emulator, vimmerse: Vimmerse, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def confirm(console: Console, question: str) -> bool:
        with table.open("a") as file:
            file.write("eel,An eel,1\n")
        return True

    monkeypatch.setattr(Console, "can_ask", True)
    monkeypatch.setattr(Console, "confirm", confirm)

    done = vimmerse(*RUN, "--budget", "none")

    assert done.code == 2
    assert "The table has changed since it was priced. Nothing was sent or planned: run it again." in done.error
    assert emulator.requests == ()
    assert states() == {}
    monkeypatch.setattr(Console, "confirm", lambda *_: True)
    assert vimmerse(*RUN, "--budget", "none").code == 0
    assert creations(emulator) == 4


def test_an_invalid_setting_of_the_translation(
    vimmerse: Vimmerse, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIMMERSE_COMPAT_MODE", "loose")

    assert "loose" in vimmerse("batch", "run", "clips.csv", "--dry-run").error


def test_a_key_of_another_job(emulator: Emulator, vimmerse: Vimmerse, table: Path, batch_folder: Path) -> None:
    vimmerse(*RUN, "--budget", 50, "--concurrency", 1)
    write(batch_folder, "boat,A ship,1", "cat,A lion,1", "dog,A dog,1")

    done = vimmerse(*RUN, "--budget", 500)
    replaced = vimmerse(*RUN, "--budget", 500, "--replace-unpaid")
    write(batch_folder, "cat,A lion,2", "dog,A dog,1")
    dry = vimmerse("batch", "run", "clips.csv", "--dry-run", "--replace-unpaid")
    fixed = vimmerse(*RUN, "--budget", 500, "--replace-unpaid")

    assert done.code == replaced.code == 2
    assert "2 rows differ from the job with the same key in the ledger: " in done.error
    assert "1 row differs from the job with the same key in the ledger: clips.csv:2 (boat, finished)." in replaced.error
    assert "To send: 2, for about 150 credits" in dry.out
    assert fixed.code == 0
    assert sorted(json.loads(each.body)["idea"] for each in emulator.requests if each.method == "POST") == [
        "A boat",
        "A dog",
        "A lion",
    ]
