"""``vimmerse batch status``, and the ledger and batch that all commands are about."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from vimmerse.batch import Ledger, State
from vimmerse.cli.base import State as CommandState

from tests.cli.conftest import Vimmerse

pytestmark = pytest.mark.usefixtures("batch_folder")


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
def test_a_ledger_that_does_not_exist_is_not_created(
    vimmerse: Vimmerse, batch_folder: Path, command: list[str]
) -> None:
    done = vimmerse("batch", *command, "--db", "none.sqlite")

    assert (done.code, done.err) == (2, "vimmerse: There is no ledger none.sqlite.\n")
    assert list(batch_folder.iterdir()) == []


def test_another_database_is_not_a_ledger(vimmerse: Vimmerse, batch_folder: Path) -> None:
    import sqlite3

    path = batch_folder / "other.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()
    before = path.read_bytes()

    done = vimmerse("batch", "status", "--db", "other.sqlite")

    assert done.error == "vimmerse: other.sqlite is not a ledger: it has no batches."
    assert path.read_bytes() == before


def test_a_file_that_is_no_database(vimmerse: Vimmerse, batch_folder: Path) -> None:
    (batch_folder / "clips.csv").write_text("idea\nA cat\n" * 1000)

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
