"""What callers and operators do by mistake must not make a job paid twice, or uncounted."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
from vimmerse.batch import AmbiguousError, BudgetError, Ledger, LedgerError, PlannedJob, State
from vimmerse.batch.ledger.rows import Rows
from vimmerse.cli import main
from vimmerse.v2.errors import NotFoundError, RateLimitError, ServerError

Open = Callable[..., Ledger]
BODY = {"prompt": "A boat", "duration": 5}


def api_error(kind: type[NotFoundError | RateLimitError], method: str) -> Exception:
    return kind(404, method=method, url="https://api.vimmerse.net/v2/media/m-1")


@pytest.mark.parametrize(
    "error",
    [
        api_error(NotFoundError, "GET"),
        api_error(RateLimitError, "GET"),
        httpx.ConnectError("no", request=httpx.Request("GET", "https://api.vimmerse.net/v2/media/m-1")),
    ],
    ids=["404", "429", "no connection"],
)
def test_a_read_that_fails_says_nothing_about_the_paid_call(error: Exception, open_ledger: Open) -> None:
    ledger = open_ledger(budget=50)

    with pytest.raises(type(error)), ledger.paid("boat", BODY):
        raise error  # by a wait for the job that was created, before accepted()

    with pytest.raises(AmbiguousError), ledger.paid("boat", BODY):
        pytest.fail("it must not be sent again")
    assert ledger.summary().committed == 50


def test_no_connection_for_the_paid_call_is_a_refusal(open_ledger: Open) -> None:
    ledger = open_ledger()
    request = httpx.Request("POST", "https://api.vimmerse.net/v2/media")

    with pytest.raises(httpx.ConnectError), ledger.paid("boat", BODY):
        raise httpx.ConnectError("no", request=request)

    assert [job.state for job in ledger.jobs()] == [State.REFUSED]


def sent_twice(ledger: Ledger) -> Any:
    """Two attempts, of which the first was taken for one that has created nothing."""
    ledger.plan([PlannedJob(key="boat", body=BODY, estimate=50)])
    first = ledger.begin("boat")
    first.settle(TimeoutError())
    ledger.resolve("boat", not_created=True)
    second = ledger.begin("boat")
    second.accepted("m-2")
    return first


def test_both_jobs_count_if_the_first_was_created_after_all(open_ledger: Open) -> None:
    ledger = open_ledger(budget=100)

    first = sent_twice(ledger)
    first.accepted("m-1")
    ledger.record_accepted(first.job, "m-1")  # and only once

    job = ledger.get("boat")
    assert job is not None
    assert (job.job_id, job.earlier_ids, job.credits) == ("m-2", ("m-1",), 100)
    assert ledger.summary().committed == 100


def test_a_late_end_of_an_earlier_attempt_is_not_that_of_the_next_one(open_ledger: Open) -> None:
    ledger = open_ledger()
    ledger.plan([PlannedJob(key="boat", body=BODY)])
    ledger.begin("boat").accepted("m-1")
    ledger.end("boat", State.FAILED, attempt=1)
    ledger.retry(State.FAILED)
    ledger.begin("boat").accepted("m-2")

    assert not ledger.end("boat", State.FAILED, attempt=1)  # by another machine, which has waited for m-1, too

    assert [job.state for job in ledger.jobs()] == [State.ACCEPTED]
    assert ledger.end("boat", State.FINISHED, attempt=2)


def test_a_service_that_gives_the_same_id_again(open_ledger: Open) -> None:
    ledger = open_ledger()
    ledger.plan([PlannedJob(key="boat", body=BODY)])
    for _ in range(2):
        ledger.begin("boat").accepted("m-1")
        assert ledger.end("boat", State.FAILED)
        ledger.retry(State.FAILED)


def test_each_attempt_has_a_webhook_of_its_own(open_ledger: Open) -> None:
    ledger = open_ledger()
    ledger.plan([PlannedJob(key="boat", body=BODY, operation="POST /v2/media")])
    first = ledger.begin("boat")
    first.refused("429", transient=True)

    second = ledger.begin("boat")

    addresses = [attempt.webhook_url("https://hooks.example") for attempt in (first, second)]
    assert addresses[0] != addresses[1]
    second.accepted("m-2")
    ledger.resolve_token(addresses[0].rpartition("/")[2], "m-1", kind="media")
    ledger.resolve_token(addresses[1].rpartition("/")[2], "m-3", kind="media")
    job = ledger.get("boat")
    assert job is not None
    assert (job.job_id, job.earlier_ids) == ("m-2", ("m-1",))


@pytest.mark.parametrize("what", ["moved", "deleted", "replaced"])
def test_a_file_that_is_gone_ends_the_sending(what: str, tmp_path: Path) -> None:
    path = tmp_path / "batch.sqlite"
    other = Ledger(tmp_path / "other.sqlite")
    other.close()
    with Ledger(path) as ledger:
        ledger.plan([PlannedJob(key=key, body=BODY) for key in "ab"])
        attempt = ledger.begin("a")
        if what == "deleted":
            path.unlink()
        else:
            path.rename(tmp_path / "moved.sqlite")
        if what == "replaced":
            (tmp_path / "other.sqlite").rename(path)

        with pytest.raises(LedgerError, match="was moved, deleted or replaced") as caught:
            attempt.accepted("m-1")
        assert "m-1" in caught.value.__notes__[0]
        with pytest.raises(LedgerError, match="Put the file back"):
            ledger.begin("b")


def test_a_file_that_is_put_back_has_all(tmp_path: Path) -> None:
    path, moved = tmp_path / "batch.sqlite", tmp_path / "moved.sqlite"
    with Ledger(path) as ledger:
        ledger.plan([PlannedJob(key="a", body=BODY)])
        attempt = ledger.begin("a")
        path.rename(moved)
        with pytest.raises(LedgerError):
            attempt.accepted("m-1")
        moved.rename(path)

    with Ledger(path) as ledger:
        assert [(job.state, job.job_id) for job in ledger.jobs()] == [(State.ACCEPTED, "m-1")]


def test_the_current_folder_may_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Ledger("batch.sqlite") as ledger:
        ledger.plan([PlannedJob(key="a", body=BODY)])
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
        ledger.begin("a").accepted("m-1")
    assert not list(Path().iterdir())


def test_a_job_without_an_estimate_has_that_of_its_operation(open_ledger: Open) -> None:
    ledger = open_ledger(budget=50)
    ledger.plan([PlannedJob(key=key, body=BODY, operation="POST /v2/media") for key in "ab"])

    ledger.begin("a").accepted("m-1")

    with pytest.raises(BudgetError):
        ledger.begin("b")


def test_a_budget_that_is_set_later_covers_what_was_sent_before(open_ledger: Open) -> None:
    ledger = open_ledger()
    with ledger.paid("a", BODY) as attempt:
        attempt.accepted("m-1")
    with ledger.paid("b", {"of": "a service of your own"}) as attempt:
        attempt.accepted("x-1")
    assert ledger.summary().committed == 50

    ledger.budget = 50

    with pytest.raises(BudgetError), ledger.paid("c", BODY):
        pytest.fail("it must not be sent")


def test_an_id_in_an_error_is_named(open_ledger: Open) -> None:
    ledger = open_ledger()

    with pytest.raises(ServerError), ledger.paid("boat", BODY):
        raise ServerError(500, method="POST", url="https://api.vimmerse.net/v2/media", job_id="m-1")

    assert [(job.state, "names the id m-1" in job.error) for job in ledger.jobs()] == [(State.AMBIGUOUS, True)]


def status_error(library: str, status: int, method: str) -> Exception:
    if library == "httpx":
        request = httpx.Request(method, "https://api.vimmerse.net/v2/media")
        return httpx.HTTPStatusError("no", request=request, response=httpx.Response(status, request=request))
    response = requests.Response()
    response.status_code, response.request = status, requests.Request(method, "https://api.vimmerse.net").prepare()
    return requests.HTTPError("no", response=response)


@pytest.mark.parametrize("library", ["httpx", "requests"])
@pytest.mark.parametrize(
    ("status", "method", "state"),
    [
        (402, "POST", State.REFUSED),
        (429, "POST", State.REFUSED),
        (408, "POST", State.AMBIGUOUS),
        (502, "POST", State.AMBIGUOUS),
        (404, "GET", State.AMBIGUOUS),
    ],
)
def test_raise_for_status_of_other_libraries(
    library: str, status: int, method: str, state: State, open_ledger: Open
) -> None:
    ledger = open_ledger()

    with pytest.raises((httpx.HTTPError, requests.HTTPError)), ledger.paid("boat", BODY):
        raise status_error(library, status, method)

    assert [(job.state, job.transient) for job in ledger.jobs()] == [(state, status == 429)]


def test_an_error_of_requests_without_a_response(open_ledger: Open) -> None:
    ledger = open_ledger()

    with pytest.raises(requests.HTTPError), ledger.paid("boat", BODY):
        raise requests.HTTPError("no")

    assert [job.state for job in ledger.jobs()] == [State.AMBIGUOUS]


def test_ids_that_can_not_be_written_are_all_logged(
    open_ledger: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A run raises one error; what it was told by the other calls that it has made must not get lost."""
    ledger = open_ledger()
    ledger.plan([PlannedJob(key=key, body=BODY) for key in ("boat", "a kite")])
    attempts = [ledger.begin("boat"), ledger.begin("a kite")]

    def accept(*arguments: object) -> None:
        raise LedgerError("the disk is full")

    monkeypatch.setattr(Rows, "accept", accept)
    for number, attempt in enumerate(attempts):
        with pytest.raises(LedgerError):
            attempt.accepted(f"m-{number}")

    boat, kite = caplog.messages
    assert "vimmerse batch resolve boat --job-id m-0 " in boat
    assert "vimmerse batch resolve 'a kite' --job-id m-1 " in kite


def test_the_command_that_settles_a_job_can_be_pasted(
    open_ledger: Open, location: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("VIMMERSE_DATABASE_URL", raising=False)
    if "://" in location:
        monkeypatch.setenv("VIMMERSE_DATABASE_URL", location)  # no text names it: it may contain a password
    open_ledger(batch="other batch")
    ledger = open_ledger(batch="by hand")
    with pytest.raises(AmbiguousError), ledger.paid("a kite", BODY):
        pass

    with pytest.raises(AmbiguousError) as known, ledger.paid("a kite", BODY):
        pytest.fail("it must not be sent again")

    line = known.value.message.partition("vimmerse batch ")[2].partition(" (or")[0]
    assert main(["batch", *shlex.split(line)]) == 0, capsys.readouterr().err
    job = ledger.get("a kite")
    assert job is not None
    assert (job.state, job.job_id) == (State.ACCEPTED, "ID")
