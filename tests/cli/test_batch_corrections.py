"""``vimmerse batch resolve`` and ``retry``."""

from __future__ import annotations

import io
import re
import shlex
import sys
from typing import Any

import pytest
from vimmerse.batch import Ledger, State
from vimmerse.cli.console import Console
from vimmerse.emulator import Emulator

from tests.cli.batches import planned
from tests.cli.conftest import Vimmerse

pytestmark = pytest.mark.usefixtures("batch_folder")


# Which row


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
        "vimmerse: The service has no story no-such-id. Nothing was changed; --unchecked records the id anyway."
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


@pytest.mark.parametrize("options", [[], ["--job-id", "s9", "--not-created"], ["--deleted", "--not-created"]])
def test_what_has_happened_has_to_be_said(vimmerse: Vimmerse, ledger: Ledger, options: list[str]) -> None:
    assert "one of --job-id ID, --not-created and --deleted" in vimmerse("batch", "resolve", "cat", *options).error


def test_a_job_that_the_service_has_deleted(emulator: Emulator, vimmerse: Vimmerse, ledger: Ledger) -> None:
    """Each run would look it up, and wait for it in vain."""
    ledger.plan(planned("kite", "-whale"))
    ledger.begin("kite").accepted("no-such-id")
    story = vimmerse("story", "create", "--idea", "A whale", "--json").json["id"]
    ledger.begin("-whale").accepted(story)

    advice = vimmerse("batch", "retry", "kite").error
    done = vimmerse("batch", "resolve", "kite", "--deleted")
    there = vimmerse("batch", "resolve", "--deleted", "--", "-whale")

    assert "if the service has deleted it: vimmerse batch resolve kite --deleted. Nothing was changed." in advice
    assert done.out.endswith("(kite): failed. To try again, which is paid again: vimmerse batch retry kite\n")
    assert there.error.startswith(f"vimmerse: The service has the story {story}. Nothing was changed; --unchecked ")
    kite, whale = ledger.get("kite"), ledger.get("-whale")
    assert kite is not None
    assert whale is not None
    assert (kite.state, kite.job_id, kite.spent) == (State.FAILED, "no-such-id", 150)
    assert whale.state is State.ACCEPTED
    assert vimmerse("batch", "resolve", "--deleted", "--unchecked", "--json", "--", "-whale").json["state"] == "failed"


def test_a_job_that_ends_while_it_is_resolved(
    emulator: Emulator, vimmerse: Vimmerse, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.plan(planned("kite"))
    ledger.begin("kite").accepted("no-such-id")
    end = Ledger.end

    def finished_before(self: Ledger, key: str, state: State, **options: Any) -> bool:
        end(self, key, State.FINISHED)
        return end(self, key, state, **options)

    monkeypatch.setattr(Ledger, "end", finished_before)
    done = vimmerse("batch", "resolve", "kite", "--deleted")

    assert (done.code, done.out) == (2, "")
    assert done.error.endswith("(kite) is finished, not accepted. Nothing was changed.")


def test_only_an_accepted_job_can_be_deleted(vimmerse: Vimmerse, ledger: Ledger) -> None:
    done = vimmerse("batch", "resolve", "cat", "--deleted")

    assert (done.code, done.error) == (
        2,
        "vimmerse: clips.csv:3 (cat) is ambiguous, not accepted. Nothing was changed.",
    )


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
