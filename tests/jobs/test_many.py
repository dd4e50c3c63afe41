"""Waiting for many jobs: which jobs it takes, and how each wait ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from vimmerse.jobs import (
    JobCancelledError,
    JobError,
    JobFailedError,
    JobLookupError,
    JobTimeoutError,
    parse_webhook,
    wait_all,
    wait_all_async,
)
from vimmerse.v2.models import Media, Story

from tests.jobs.callers import Caller, Service, response
from tests.jobs.many import CONSTANT, statuses


def test_yields_each_job_as_it_ends(caller: Caller) -> None:
    # The job with the number n ends at its lookup n.
    jobs = ["m3", "m1", "m2"]
    outcomes = caller.wait_all(
        statuses(lambda name: ["processing"] * (int(name[1:]) - 1) + ["success"]), jobs, kind="media", interval=CONSTANT
    )

    assert [(outcome.index, outcome.id, outcome.kind) for outcome in outcomes] == [
        (1, "m1", "media"),
        (2, "m2", "media"),
        (0, "m3", "media"),
    ]
    assert all(isinstance(outcome.result(), Media) and outcome.error is None for outcome in outcomes)
    assert caller.clock.slept == [10, 10]


def test_an_error_belongs_to_its_job_alone(caller: Caller) -> None:
    ends = {"a": ["failed"], "b": ["processing"], "c": ["401"], "d": ["500", "success"]}
    outcomes = {
        outcome.id: outcome
        for outcome in caller.wait_all(statuses(ends.__getitem__), [*ends], kind="story", interval=CONSTANT, timeout=60)
    }

    assert outcomes.keys() == ends.keys()
    assert isinstance(outcomes["a"].error, JobFailedError)
    assert isinstance(outcomes["a"].error.snapshot, Story)
    assert isinstance(outcomes["b"].error, JobTimeoutError)
    assert isinstance(outcomes["b"].error.snapshot, Story)  # of the lookup at the deadline
    assert isinstance(outcomes["c"].error, JobLookupError)
    assert isinstance(outcomes["d"].value, Story)
    for name in "abc":
        assert f"story {name}" in str(outcomes[name].error)
        with pytest.raises(JobError, match=f"story {name}") as caught:
            outcomes[name].result()
        assert caught.value is outcomes[name].error


def test_accepts_every_kind_of_job(caller: Caller) -> None:
    jobs = [
        Story.from_dict({"id": "s1"}),
        Media.from_dict({"id": "m1"}),
        parse_webhook({"batch_id": "s2"}),
        parse_webhook({"id": "s3"}),
        "s4",
        "s4",
    ]
    service = statuses(lambda _: ["success"])
    outcomes = caller.wait_all(service, jobs, kind="story")

    assert sorted((outcome.index, outcome.id, outcome.kind) for outcome in outcomes) == [
        (0, "s1", "story"),
        (1, "m1", "media"),
        (2, "s2", "story"),
        (3, "s3", "story"),
        (4, "s4", "story"),
        (5, "s4", "story"),
    ]


def test_webhooks_without_a_kind(caller: Caller) -> None:
    requested: list[str] = []

    def lookup(request: httpx.Request) -> httpx.Response:
        requested.append(request.url.path)
        kind, identifier = request.url.path.split("/")[2:]
        if identifier == "gone" or (kind == "story") != identifier.startswith("s"):
            return response({"message": "no", "code": "NOT_FOUND"}, 404)
        done = requested.count(request.url.path) > 1
        status = "success" if done else "processing"
        return response(
            {"id": identifier, "status": status, "processing_status": status, "video_url": "https://f.example"}
        )

    events = [parse_webhook({"batch_id": identifier}) for identifier in ("s1", "m1", "m2", "gone")]
    outcomes = sorted(
        caller.wait_all(Service([lookup]), events, interval=CONSTANT, timeout=60), key=lambda outcome: outcome.index
    )

    assert [(outcome.id, outcome.kind) for outcome in outcomes[:3]] == [
        ("s1", "story"),
        ("m1", "media"),
        ("m2", "media"),
    ]
    assert [type(outcome.value) for outcome in outcomes] == [Story, Media, Media, type(None)]
    assert outcomes[3].kind == "unknown"
    assert isinstance(outcomes[3].error, JobLookupError)
    # What turned out to be a media is not looked up as a story again.
    assert [requested.count(f"/v2/story/{name}") for name in ("s1", "m1", "m2")] == [2, 1, 1]


@pytest.mark.parametrize("kind", ["story", "media"])
def test_every_final_status_ends_a_wait(caller: Caller, kind: str) -> None:
    """Undocumented ones end at the deadline."""
    failed, cancelled = ["fail", "failed", "error", " FAILED "], ["cancel", "cancelled", "canceled"]
    unknown = ["abandoned", "done", ""]
    words = ["success", *failed, *cancelled, *unknown]
    service = statuses(lambda name: [words[int(name)]])
    outcomes = caller.wait_all(
        service, [str(number) for number in range(len(words))], kind=kind, interval=CONSTANT, timeout=30
    )

    ends = {words[int(outcome.id)]: type(outcome.error) for outcome in outcomes}
    assert ends == {
        "success": type(None),
        **dict.fromkeys(failed, JobFailedError),
        **dict.fromkeys(cancelled, JobCancelledError),
        **dict.fromkeys(unknown, JobTimeoutError),
    }


def test_no_jobs(caller: Caller) -> None:
    assert caller.wait_all(statuses(lambda _: ["success"]), []) == []


@pytest.mark.parametrize(
    ("jobs", "options", "error", "text"),
    [
        ("s1", {}, TypeError, r"not one id: \[id\]"),
        (["a", "b", ""], {"kind": "story"}, ValueError, "no usable id"),
        (["a"], {}, TypeError, "'a' is an id: pass kind="),
        ([], {"concurrency": 0}, ValueError, "concurrency is 0"),
        ([], {"timeout": -1}, ValueError, "timeout is -1"),
        ([], {"intervall": 3}, TypeError, "unexpected keyword argument 'intervall'"),
    ],
)
@pytest.mark.parametrize("call", [wait_all, wait_all_async])
def test_rejects_invalid_arguments_at_once(
    call: Callable[..., object], jobs: Any, options: dict[str, Any], error: type[Exception], text: str
) -> None:
    service = statuses(lambda _: ["success"])
    with pytest.raises(error, match=text) as caught:
        call(service.client(), jobs, **options)
    assert service.requests == []
    if len(jobs) == 3:
        assert caught.value.__notes__ == ["It is number 2 of the jobs. Nothing was sent."]


def test_with_the_real_clock() -> None:
    with statuses(lambda _: ["new", "success"]).client() as client:
        outcomes = list(wait_all(client, ["a", "b"], kind="media", interval=0.001))
    assert {outcome.id for outcome in outcomes} == {"a", "b"}


def test_with_the_real_clock_on_asyncio() -> None:
    async def main() -> set[str]:
        async with statuses(lambda _: ["new", "success"]).client() as client:
            return {one.id async for one in wait_all_async(client, ["a", "b"], kind="media", interval=0.001)}

    assert asyncio.run(main()) == {"a", "b"}
