"""``Ledger.paid``: whatever happens in the block, the row tells the truth, and nothing is sent twice."""

from __future__ import annotations

import copy
import pickle
import socket
import sys
import urllib.error
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest
from vimmerse.batch import (
    AlreadyPaidError,
    AmbiguousError,
    BatchError,
    BudgetError,
    KeyConflictError,
    Ledger,
    PlannedJob,
    State,
)
from vimmerse.batch.ledger.rows import Rows
from vimmerse.v2.errors import ApiError, InvalidAnswerError, RateLimitError, ServerError, ValidationError

from tests.sampling import sampled

Open = Callable[..., Ledger]
MEDIA = "POST /v2/media"
BODY = {"prompt": "A paper boat", "duration": 5}  # 50 credits


def test_a_job_is_sent_once(open_ledger: Open) -> None:
    ledger = open_ledger(budget=60)

    with ledger.paid("boat", BODY, operation=MEDIA) as attempt:
        during = open_ledger().get("boat")
        attempt.accepted("m-1")
    with pytest.raises(AlreadyPaidError, match="m-1") as caught, ledger.paid("boat", BODY, operation=MEDIA):
        pytest.fail("it must not be sent again")

    assert during is not None
    assert (during.state, during.attempts, during.booked) == (State.SENDING, 1, 50)
    job = ledger.get("boat")
    assert job is not None
    assert job == caught.value.job
    assert (job.state, job.job_id, job.attempts, job.booked, job.credits) == (State.ACCEPTED, "m-1", 1, 50, 50)
    assert job.body == BODY
    assert ledger.summary().left == 10


def test_accepted_is_committed_at_once(open_ledger: Open) -> None:
    def call() -> None:
        with open_ledger().paid("boat", BODY) as attempt:
            attempt.accepted("m-1")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        call()

    job = open_ledger().get("boat")
    assert job is not None
    assert (job.state, job.job_id) == (State.ACCEPTED, "m-1")
    assert "its id is m-1" in caught.value.__notes__[0]


def api_error(status: int, kind: type[ApiError] = ApiError, **options: Any) -> ApiError:
    return kind(status, method="POST", url="https://api.vimmerse.net/v2/media", message="no", **options)


REFUSALS: list[tuple[BaseException, bool]] = [
    *((api_error(status), False) for status in (400, 401, 402, 403, 404, 405, 409, 413)),
    (api_error(422, ValidationError), False),
    (api_error(429, RateLimitError), True),
    (api_error(425), True),
    (httpx.ConnectError("[Errno 111] Connection refused"), True),
    (httpx.ConnectTimeout("no connection"), True),
    (httpx.PoolTimeout("no free connection"), True),
    (httpx.UnsupportedProtocol("ftp"), False),
    (ConnectionRefusedError(111, "Connection refused"), True),
    (urllib.error.URLError(socket.gaierror(-2, "Name or service not known")), True),
]
AMBIGUOUS: list[BaseException] = [
    *(api_error(status) for status in (301, 302, 303, 307, 308, 408)),
    *(api_error(status, ServerError) for status in (500, 502, 503, 504)),
    api_error(200, InvalidAnswerError),
    httpx.ReadTimeout("too slow"),
    httpx.WriteError("broken pipe"),
    httpx.RemoteProtocolError("closed"),
    ConnectionResetError(104, "Connection reset by peer"),
    TimeoutError(),
    ValueError("a bug of the caller's"),
    KeyboardInterrupt(),
    SystemExit(1),
    GeneratorExit(),
]


@pytest.mark.parametrize(("error", "transient"), sampled(REFUSALS, 3), ids=lambda value: repr(value)[:60])
def test_a_refused_job_is_released_and_may_be_sent_again(
    error: BaseException, transient: bool, open_ledger: Open
) -> None:
    ledger = open_ledger(budget=50)

    with pytest.raises(type(error)), ledger.paid("boat", BODY, operation=MEDIA):
        raise error

    job = ledger.get("boat")
    assert job is not None
    assert (job.state, job.transient, job.booked) == (State.REFUSED, transient, 0)
    assert type(error).__name__ in job.error or "returned" in job.error
    assert ledger.summary().committed == 0
    with ledger.paid("boat", BODY, operation=MEDIA) as attempt:
        attempt.accepted("m-1")
    assert attempt.job.attempts == 2


@pytest.mark.parametrize("error", sampled(AMBIGUOUS, 3), ids=lambda value: repr(value)[:60])
def test_anything_else_is_ambiguous_and_never_sent_again(error: BaseException, open_ledger: Open) -> None:
    ledger = open_ledger(budget=50)

    with pytest.raises(type(error)), ledger.paid("boat", BODY, operation=MEDIA):
        raise error

    for _ in range(2):
        with pytest.raises(AmbiguousError, match="resolve boat") as caught, ledger.paid("boat", BODY):
            pytest.fail("it must not be sent again")
    assert caught.value.job.state is State.AMBIGUOUS
    assert ledger.recover() == (0, 0)
    assert ledger.take() is None
    assert ledger.summary().committed == 50


def test_an_answer_with_an_id_that_can_not_be_read_is_accepted(open_ledger: Open) -> None:
    ledger = open_ledger()
    error = api_error(200, InvalidAnswerError, job_id="m-7")

    with pytest.raises(InvalidAnswerError), ledger.paid("boat", BODY):
        raise error

    job = ledger.get("boat")
    assert job is not None
    assert (job.state, job.job_id) == (State.ACCEPTED, "m-7")
    assert "m-7" in error.__notes__[0]


def test_a_block_that_says_nothing_is_ambiguous(open_ledger: Open) -> None:
    ledger = open_ledger()

    with pytest.raises(AmbiguousError, match=r"accepted\(\) or refused\(\)"), ledger.paid("boat", BODY):
        pass

    job = ledger.get("boat")
    assert job is not None
    assert job.state is State.AMBIGUOUS


@pytest.mark.parametrize("job_id", ["", None, 7])
def test_an_id_must_be_one(job_id: Any, open_ledger: Open) -> None:
    ledger = open_ledger()

    with pytest.raises(ValueError, match="the id"), ledger.paid("boat", BODY) as attempt:
        attempt.accepted(job_id)

    assert [job.state for job in ledger.jobs()] == [State.AMBIGUOUS]


def test_what_the_block_says_counts(open_ledger: Open) -> None:
    ledger = open_ledger()

    with ledger.paid("boat", BODY) as attempt:
        attempt.refused("the queue is full", transient=True)
    with suppress(RuntimeError), ledger.paid("kite", BODY) as attempt:
        attempt.refused("no")
        raise RuntimeError

    assert [(job.state, job.error, job.transient) for job in ledger.jobs()] == [
        (State.REFUSED, "the queue is full", True),
        (State.REFUSED, "no", False),
    ]


@pytest.mark.parametrize("body", [{"prompt": "Another"}, {**BODY, "duration": 10}, {}])
def test_the_same_key_with_another_body_is_an_error(body: dict[str, Any], open_ledger: Open) -> None:
    ledger = open_ledger()
    with ledger.paid("boat", BODY) as attempt:
        attempt.accepted("m-1")

    with pytest.raises(KeyConflictError, match="'boat'") as caught, ledger.paid("boat", body):
        pytest.fail("it must not be sent")

    assert caught.value.keys == ("boat",)


def test_equal_bodies_are_the_same_job(open_ledger: Open) -> None:
    ledger = open_ledger()
    with ledger.paid("boat", {"a": [1, {"b": 2, "c": None}], "d": "ü"}) as attempt:
        attempt.accepted("m-1")

    with pytest.raises(AlreadyPaidError), ledger.paid("boat", {"d": "ü", "a": (1, {"c": None, "b": 2})}):
        pytest.fail("it must not be sent")


@pytest.mark.parametrize("body", [None, "text", [1], {"a": float("nan")}, {"a": object()}])
def test_a_body_must_be_json(body: Any, open_ledger: Open) -> None:
    with pytest.raises((TypeError, ValueError)), open_ledger().paid("boat", body):
        pytest.fail("it must not be sent")


@pytest.mark.parametrize("key", ["", "x" * 201, "a\nb", "a\0b", None, 5])
def test_a_key_must_be_a_name(key: Any, open_ledger: Open) -> None:
    with pytest.raises(ValueError, match="key"), open_ledger().paid(key, BODY):
        pytest.fail("it must not be sent")


def test_the_budget_holds(open_ledger: Open) -> None:
    ledger = open_ledger(budget=120)
    for key in ("a", "b"):
        with ledger.paid(key, BODY, operation=MEDIA) as attempt:
            attempt.accepted(key)

    with pytest.raises(BudgetError, match="20 of the budget of 120") as caught, ledger.paid("c", BODY, operation=MEDIA):
        pytest.fail("it must not be sent")
    assert (caught.value.key, caught.value.estimate, caught.value.left) == ("c", 50, 20)
    assert ledger.get("c").state is State.PLANNED  # type: ignore[union-attr]

    ledger.end("a", State.FINISHED, used_credits=20)
    with ledger.paid("c", BODY, operation=MEDIA) as attempt:
        attempt.accepted("c")
    assert ledger.summary().committed == 120


def test_real_credits_above_the_estimate_count_too(open_ledger: Open) -> None:
    ledger = open_ledger(budget=100)
    with ledger.paid("a", BODY, operation=MEDIA) as attempt:
        attempt.accepted("a")

    assert ledger.end("a", State.FINISHED, used_credits=80, status="success", result=["https://x/1.mp4"])
    assert not ledger.end("a", State.FAILED)

    assert (ledger.summary().committed, ledger.summary().spent, ledger.summary().left) == (80, 80, 20)
    with pytest.raises(BudgetError), ledger.paid("b", BODY, operation=MEDIA):
        pytest.fail("it must not be sent")


@pytest.mark.parametrize("used", [None, float("nan"), float("inf"), -5, 1e300, 10**400])
def test_without_real_credits_the_estimate_stays(used: float | None, open_ledger: Open) -> None:
    ledger = open_ledger(budget=100)
    with ledger.paid("a", BODY, operation=MEDIA) as attempt:
        attempt.accepted("a")

    ledger.end("a", State.FAILED, used_credits=used)

    assert (ledger.summary().committed, ledger.summary().spent) == (50, 50)


@pytest.mark.parametrize(
    ("body", "credits"),
    [(BODY, 50), ({"prompt": "x"}, 50), ({"idea": "x", "scene_count": 2}, 100), ({"image_urls": ["a", "b"]}, 100)],
)
def test_the_fields_of_the_body_say_what_a_call_costs(body: Any, credits: float, open_ledger: Open) -> None:
    ledger = open_ledger(budget=100)

    with ledger.paid("a", body) as attempt:
        attempt.accepted("a")

    assert attempt.job.estimate == credits


@pytest.mark.parametrize(
    "body", [{}, {"title": "x"}, {"idea": "x", "prompt": "y"}, {"prompt": "x", "duration": "long"}]
)
def test_with_a_budget_a_call_needs_an_estimate(body: Any, open_ledger: Open) -> None:
    ledger = open_ledger(budget=100)

    with pytest.raises(ValueError, match="estimate="), ledger.paid("a", body):
        pytest.fail("it must not be sent")
    with ledger.paid("a", body, estimate=100) as attempt:
        attempt.accepted("a")
    assert ledger.summary().left == 0


@pytest.mark.parametrize("credits", [-1, float("inf"), float("nan"), "5", True])
def test_credits_must_be_a_number(credits: Any, open_ledger: Open) -> None:
    with pytest.raises(ValueError, match="number of credits"):
        open_ledger(budget=credits)
    with pytest.raises(ValueError, match="number of credits"), open_ledger().paid("a", BODY, estimate=credits):
        pytest.fail("it must not be sent")


def test_an_id_that_can_not_be_written_is_named(open_ledger: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = open_ledger()
    monkeypatch.setattr(Rows, "accept", raise_disk_full)

    with pytest.raises(OSError, match="full") as caught, ledger.paid("boat", BODY) as attempt:
        attempt.accepted("m-1")

    assert "m-1" in "".join(caught.value.__notes__)
    assert ledger.get("boat").state is State.SENDING  # type: ignore[union-attr]


def raise_disk_full(*arguments: object) -> None:
    raise OSError("disk full")


@pytest.mark.parametrize("text", ["nul\0", "half \ud800", "two\nlines", "\x1b[31mred"])
def test_texts_of_the_service_can_be_stored(text: str, open_ledger: Open) -> None:
    ledger = open_ledger()

    with ledger.paid("a", BODY) as attempt:
        attempt.accepted(text)
    with ledger.paid("b", BODY) as attempt:
        attempt.refused(text)
    ledger.end("a", State.FAILED, status=text, error=text)

    for job in ledger.jobs():
        assert job.error.isprintable()
        assert job.error


def test_errors_can_be_pickled(open_ledger: Open) -> None:
    ledger = open_ledger(budget=60)
    ledger.plan([PlannedJob(key="a", body={}, estimate=70)])
    errors: list[BatchError] = []
    for action in (
        lambda: ledger.begin("a"),
        lambda: ledger.begin("b"),
        lambda: ledger.plan([PlannedJob(key="a", body=BODY)]),
    ):
        with pytest.raises(BatchError) as caught:
            action()
        errors.append(caught.value)
    ledger.budget = None
    ledger.begin("a")
    with pytest.raises(AmbiguousError) as ambiguous:
        ledger.begin("a")

    for error in (*errors, ambiguous.value):
        for same in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
            assert (type(same), str(same), vars(same)) == (type(error), str(error), vars(error))


def test_what_is_shown(open_ledger: Open) -> None:
    ledger = open_ledger(batch="spring")
    with ledger.paid("boat", BODY) as attempt:
        assert repr(attempt) == "<Attempt 1 of 'boat'>"
        assert attempt.webhook_url("https://example.com/hooks/") == f"https://example.com/hooks/{attempt.job.token}.1"
        attempt.accepted("m-1")

    assert "batch 'spring'" in repr(ledger)
    assert attempt.job.token not in repr(attempt.job)
    assert "paper boat" not in repr(attempt.job)
    assert ledger.summary().count(State.ACCEPTED, State.FAILED) == ledger.summary().total == 1


def test_a_job_ends_in_a_final_state(open_ledger: Open) -> None:
    with pytest.raises(ValueError, match="not as accepted"):
        open_ledger().end("a", State.ACCEPTED)


def test_a_settlement_that_fails_does_not_hide_the_error(open_ledger: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = open_ledger()
    monkeypatch.setattr(Rows, "mark_ambiguous", raise_disk_full)

    with pytest.raises(httpx.ReadTimeout) as caught, ledger.paid("boat", BODY):
        raise httpx.ReadTimeout("too slow")

    assert "The ledger could not record this: disk full" in caught.value.__notes__
    assert ledger.get("boat").state is State.SENDING  # type: ignore[union-attr]


def test_a_second_id_of_one_attempt_is_kept(open_ledger: Open) -> None:
    ledger = open_ledger()
    with ledger.paid("boat", BODY) as attempt:
        attempt.accepted("m-1")
        attempt.accepted("m-1")
        attempt.accepted("m-2")

    job = ledger.get("boat")
    assert job is not None
    assert (job.job_id, job.earlier_ids) == ("m-1", ("m-2",))
    assert "m-1" in job.error


@pytest.mark.parametrize("name", ["", "a\nb", "x" * 201, None])
def test_a_batch_has_a_name(name: Any, open_ledger: Open) -> None:
    with pytest.raises(ValueError, match="batch is"):
        open_ledger(batch=name)


def test_sums_of_decimals_fit_the_budget_and_leave_nothing(open_ledger: Open) -> None:
    ledger = open_ledger(budget=0.3)

    for number in range(3):
        with ledger.paid(f"boat {number}", {"n": number}, estimate=0.1) as attempt:
            attempt.accepted(f"m-{number}")
    with pytest.raises(BudgetError, match="0 of the budget"), ledger.paid("boat 3", {}, estimate=0.1):
        pytest.fail("it must not be sent")
    for number in range(3):
        ledger.end(f"boat {number}", State.FAILED, used_credits=0)

    assert ledger.summary().committed == 0


def test_an_error_of_a_program_without_httpx(open_ledger: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = open_ledger()
    monkeypatch.delitem(sys.modules, "httpx")

    with pytest.raises(RuntimeError), ledger.paid("boat", BODY):
        raise RuntimeError("the text may contain a key")

    job = ledger.get("boat")
    assert job is not None
    assert (job.state, job.error) == (State.AMBIGUOUS, "RuntimeError")
