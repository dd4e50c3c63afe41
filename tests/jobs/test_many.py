"""Waiting for many jobs in one loop."""

from __future__ import annotations

import asyncio
import gc
import threading
import tracemalloc
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, cast

import httpx
import pytest
from vimmerse.jobs import (
    Interval,
    JobCancelledError,
    JobError,
    JobFailedError,
    JobLookupError,
    JobTimeoutError,
    Outcome,
    Progress,
    many,
    parse_webhook,
    wait_all,
    wait_all_async,
)
from vimmerse.jobs.driving import Sleep
from vimmerse.jobs.many import _Collect, _Pool, _Start
from vimmerse.jobs.polling import Job, Pace, Tell
from vimmerse.v2 import AuthenticatedClient
from vimmerse.v2.models import Media, Story

from tests.jobs.doors import Clock, Door, Service, answer

EVEN = Interval(first=10, longest=10, factor=1, jitter=0)


def service(polls: Callable[[str], list[str]]) -> Service:
    """Each job shows the statuses that ``polls`` gives for its id, the last one for ever."""
    looks: Counter[str] = Counter()
    lock = threading.Lock()

    def look(request: httpx.Request) -> httpx.Response:
        identifier = request.url.path.rsplit("/", 1)[1]
        with lock:
            statuses = polls(identifier)
            status = statuses[min(looks[identifier], len(statuses) - 1)]
            looks[identifier] += 1
        if status.isdecimal():
            return answer({"message": "no"}, int(status), {"Retry-After": "30"} if status == "429" else None)
        body = {"id": identifier, "status": status, "processing_status": status, "video_url": "https://files.example/f"}
        return answer(body)

    return Service([look])


def test_gives_each_as_it_ends(door: Door) -> None:
    # The job with the number n ends at its look n.
    jobs = ["m3", "m1", "m2"]
    found = door.wait_all(
        service(lambda name: ["processing"] * (int(name[1:]) - 1) + ["success"]), jobs, kind="media", interval=EVEN
    )

    assert [(outcome.index, outcome.id, outcome.kind) for outcome in found] == [
        (1, "m1", "media"),
        (2, "m2", "media"),
        (0, "m3", "media"),
    ]
    assert all(isinstance(outcome.result(), Media) and outcome.error is None for outcome in found)
    assert door.clock.slept == [10, 10]


def test_an_error_belongs_to_its_job_alone(door: Door) -> None:
    ends = {"a": ["failed"], "b": ["processing"], "c": ["401"], "d": ["500", "success"]}
    found = {
        outcome.id: outcome
        for outcome in door.wait_all(service(ends.__getitem__), [*ends], kind="story", interval=EVEN, timeout=60)
    }

    assert found.keys() == ends.keys()
    assert isinstance(found["a"].error, JobFailedError)
    assert isinstance(found["a"].error.snapshot, Story)
    assert isinstance(found["b"].error, JobTimeoutError)
    assert isinstance(found["b"].error.snapshot, Story)  # of the look at the deadline
    assert isinstance(found["c"].error, JobLookupError)
    assert isinstance(found["d"].value, Story)
    for name in "abc":
        assert f"story {name}" in str(found[name].error)
        with pytest.raises(JobError, match=f"story {name}") as caught:
            found[name].result()
        assert caught.value is found[name].error


def test_takes_every_kind_of_job(door: Door) -> None:
    jobs = [
        Story.from_dict({"id": "s1"}),
        Media.from_dict({"id": "m1"}),
        parse_webhook({"batch_id": "s2"}),
        parse_webhook({"id": "s3"}),
        "s4",
        "s4",
    ]
    fake = service(lambda _: ["success"])
    found = door.wait_all(fake, jobs, kind="story")

    assert sorted((outcome.index, outcome.id, outcome.kind) for outcome in found) == [
        (0, "s1", "story"),
        (1, "m1", "media"),
        (2, "s2", "story"),
        (3, "s3", "story"),
        (4, "s4", "story"),
        (5, "s4", "story"),
    ]


def test_webhooks_that_do_not_say_the_kind(door: Door) -> None:
    asked: list[str] = []

    def look(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        kind, identifier = request.url.path.split("/")[2:]
        if identifier == "gone" or (kind == "story") != identifier.startswith("s"):
            return answer({"message": "no", "code": "NOT_FOUND"}, 404)
        done = asked.count(request.url.path) > 1
        status = "success" if done else "processing"
        return answer(
            {"id": identifier, "status": status, "processing_status": status, "video_url": "https://f.example"}
        )

    events = [parse_webhook({"batch_id": identifier}) for identifier in ("s1", "m1", "m2", "gone")]
    found = sorted(door.wait_all(Service([look]), events, interval=EVEN, timeout=60), key=lambda outcome: outcome.index)

    assert [(outcome.id, outcome.kind) for outcome in found[:3]] == [("s1", "story"), ("m1", "media"), ("m2", "media")]
    assert [type(outcome.value) for outcome in found] == [Story, Media, Media, type(None)]
    assert found[3].kind == "unknown"
    assert isinstance(found[3].error, JobLookupError)
    # What was found to be a media is not asked for as a story again.
    assert [asked.count(f"/v2/story/{name}") for name in ("s1", "m1", "m2")] == [2, 1, 1]


@pytest.mark.parametrize("kind", ["story", "media"])
def test_every_end_is_one(door: Door, kind: str) -> None:
    """Also of words that are in no list: those end at the deadline."""
    failed, cancelled = ["fail", "failed", "error", " FAILED "], ["cancel", "cancelled", "canceled"]
    unknown = ["abandoned", "done", ""]
    words = ["success", *failed, *cancelled, *unknown]
    fake = service(lambda name: [words[int(name)]])
    found = door.wait_all(fake, [str(number) for number in range(len(words))], kind=kind, interval=EVEN, timeout=30)

    ends = {words[int(outcome.id)]: type(outcome.error) for outcome in found}
    assert ends == {
        "success": type(None),
        **dict.fromkeys(failed, JobFailedError),
        **dict.fromkeys(cancelled, JobCancelledError),
        **dict.fromkeys(unknown, JobTimeoutError),
    }


def test_none_at_all(door: Door) -> None:
    assert door.wait_all(service(lambda _: ["success"]), []) == []


@pytest.mark.parametrize(
    ("jobs", "options", "error", "text"),
    [
        ("s1", {}, TypeError, r"not one id: \[id\]"),
        (["a", "b", ""], {"kind": "story"}, ValueError, "no usable id"),
        (["a"], {}, TypeError, "say what 'a' is"),
        ([], {"concurrency": 0}, ValueError, "concurrency is 0"),
        ([], {"timeout": -1}, ValueError, "timeout is -1"),
    ],
)
@pytest.mark.parametrize("call", [wait_all, wait_all_async])
def test_refuses_nonsense_before_the_first_step(
    call: Callable[..., object], jobs: Any, options: dict[str, Any], error: type[Exception], text: str
) -> None:
    fake = service(lambda _: ["success"])
    with pytest.raises(error, match=text) as caught:
        call(fake.client(), jobs, **options)
    assert fake.requests == []
    if len(jobs) == 3:
        assert caught.value.__notes__ == ["It is number 2 of the jobs. Nothing was asked."]


def test_a_retry_after_holds_for_all(door: Door) -> None:
    ends = {"a": ["429", "success"], "b": ["success"], "c": ["success"]}
    moments: list[tuple[str, float]] = []
    inner = service(ends.__getitem__)

    def look(request: httpx.Request) -> httpx.Response:
        moments.append((request.url.path[-1], door.clock.now - 1000))
        return inner.handle_request(request)

    door.wait_all(Service([look]), [*ends], kind="media", interval=EVEN, concurrency=1)

    assert moments == [("a", 0), ("b", 30), ("c", 30), ("a", 30)]


def test_progress_is_told_in_the_callers_thread(door: Door) -> None:
    threads: set[int] = set()
    seen: list[Progress] = []

    def note(progress: Progress) -> None:
        threads.add(threading.get_ident())
        seen.append(progress)

    door.wait_all(service(lambda _: ["new", "success"]), ["a", "b"], kind="media", on_progress=note, interval=EVEN)

    assert threads == {threading.get_ident()}
    assert sorted((p.id, p.polls, p.finished) for p in seen) == [
        ("a", 1, False),
        ("a", 2, True),
        ("b", 1, False),
        ("b", 2, True),
    ]


@pytest.mark.parametrize("concurrency", [1, 3])
def test_looks_at_no_more_than_so_many_at_a_time(concurrency: int) -> None:
    """Each look waits until as many as may be are under way."""
    running, most = 0, 0
    arrived = threading.Condition()

    def look(request: httpx.Request) -> httpx.Response:
        nonlocal running, most
        with arrived:
            running += 1
            most = max(most, running)
            arrived.notify_all()
            assert arrived.wait_for(lambda: most == concurrency, 20)
            running -= 1
        return answer({"id": "x", "processing_status": "success"})

    jobs = [f"m{number}" for number in range(12)]
    with Service([look]).client() as client:
        found = list(wait_all(client, jobs, kind="media", concurrency=concurrency))

    assert len(found) == 12
    assert most == concurrency


def test_looks_at_no_more_than_so_many_at_a_time_on_asyncio() -> None:
    running, most = 0, 0
    full = asyncio.Event()

    class Slow(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            nonlocal running, most
            running += 1
            most = max(most, running)
            if running == 3:
                full.set()
            await full.wait()
            running -= 1
            return answer({"id": "x", "processing_status": "success"})

    async def main() -> int:
        from vimmerse.v2 import AuthenticatedClient

        async with AuthenticatedClient(base_url="https://api.example", token="key", async_transport=Slow()) as client:
            return len([one async for one in wait_all_async(client, ["m"] * 12, kind="media", concurrency=3)])

    assert asyncio.run(main()) == 12
    assert most == 3


# ---- being broken off


def test_leaving_the_loop_early(door: Door) -> None:
    fake = service(lambda name: ["success"] if name == "a" else ["processing"])
    found = door.wait_all(fake, ["a", "b", "c"], kind="media", stop_after=1)

    assert [outcome.id for outcome in found] == ["a"]


def stop(_: object = None) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("stage", ["look", "callback", "sleep"])
def test_ctrl_c_names_the_jobs_that_are_left(door: Door, stage: str) -> None:
    def look(request: httpx.Request) -> httpx.Response:
        if stage == "look" and request.url.path.endswith("b"):
            raise KeyboardInterrupt
        status = "success" if request.url.path.endswith("a") else "processing"
        return answer({"id": "x", "processing_status": status})

    if stage == "sleep":
        door.clock.on_sleep = stop

    def note(progress: Progress) -> None:
        if stage == "callback" and progress.id == "b":
            stop()

    with pytest.raises(KeyboardInterrupt) as caught:
        door.wait_all(Service([look]), ["a", "b", "c"], kind="media", on_progress=note, concurrency=1)

    (note_left,) = caught.value.__notes__
    assert note_left == ("2 jobs go on at the server; wait_all() them again, which costs nothing: media b, media c")


def test_a_note_has_an_end(door: Door) -> None:
    door.clock.on_sleep = stop
    jobs = [f"m{number}" for number in range(60)]
    with pytest.raises(KeyboardInterrupt) as caught:
        door.wait_all(service(lambda _: ["new"]), jobs, kind="media")

    assert caught.value.__notes__[0].startswith("60 jobs go on")
    assert caught.value.__notes__[0].endswith("media m49, ...")


def test_closing_the_iterator_cancels_the_looks_under_way() -> None:
    cancelled = 0
    started = asyncio.Event()

    class Hanging(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            nonlocal cancelled
            if request.url.path.endswith("a"):
                await started.wait()
                return answer({"id": "a", "processing_status": "success"})
            started.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled += 1
                raise
            raise AssertionError("unreachable")

    async def main() -> list[str]:
        from vimmerse.v2 import AuthenticatedClient

        async with AuthenticatedClient(
            base_url="https://api.example", token="key", async_transport=Hanging()
        ) as client:
            outcomes = wait_all_async(client, ["a", "b"], kind="media")
            async with aclosing(cast("Any", outcomes)) as iterator:
                async for outcome in iterator:
                    return [outcome.id]
        return []

    assert asyncio.run(main()) == ["a"]
    assert cancelled == 1


# ---- who goes on, on asyncio


class Looking(httpx.AsyncBaseTransport):
    """Answers each look as ``look`` does, which is told the job's id."""

    def __init__(self, look: Callable[[str], Awaitable[str]]) -> None:
        self.look = look

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return answer({"id": "x", "processing_status": await self.look(request.url.path.rsplit("/", 1)[1])})

    def client(self) -> AuthenticatedClient:
        return AuthenticatedClient(base_url="https://api.example", token="key", async_transport=self)


async def ids(outcomes: AsyncIterator[Outcome]) -> list[str]:
    return [outcome.id async for outcome in outcomes]


def test_a_task_looks_at_one_job_after_the_other_while_the_caller_waits() -> None:
    clock = Clock()
    looks: list[str] = []
    tasks: set[asyncio.Task[Any] | None] = set()

    async def look(name: str) -> str:
        looks.append(name)
        tasks.add(asyncio.current_task())
        await asyncio.sleep(0)
        return "processing" if len(looks) <= 8 else "success"

    async def sleep(seconds: float) -> None:
        assert len(looks) == 8
        assert len(tasks) == 1
        clock.sleep(seconds)

    async def main() -> list[str]:
        async with Looking(look).client() as client:
            times: dict[str, Any] = {"interval": EVEN, "clock": clock, "sleep": sleep}
            return await ids(wait_all_async(client, list("abcdefgh"), kind="media", concurrency=1, **times))

    assert sorted(asyncio.run(main())) == list("abcdefgh")


@pytest.mark.parametrize("suspends", [True, False])
@pytest.mark.parametrize(("concurrency", "more"), [(4, 6 + 3), (1, 0)])
def test_no_look_begins_while_the_caller_is_busy(concurrency: int, more: int, suspends: bool) -> None:
    """More than he was told of: what is left for him to take, and looks under way. With one at a time, it is none."""
    begun: list[str] = []

    async def look(name: str) -> str:
        begun.append(name)
        if suspends:
            await asyncio.sleep(0)
        return "success"

    async def main() -> None:
        jobs = [f"m{n}" for n in range(100)]
        async with Looking(look).client() as client:
            taken = 0
            async for _ in wait_all_async(client, jobs, kind="media", concurrency=concurrency):
                taken += 1
                for _ in range(50):
                    await asyncio.sleep(0)
                assert len(begun) <= taken + more
            assert taken == 100

    asyncio.run(main())


def test_progress_is_shown_in_order_with_the_outcomes() -> None:
    """What is left for the caller is done before he waits again, one thing after the other."""
    shown: list[str] = []

    async def look(name: str) -> str:
        await asyncio.sleep(0)
        return "success"

    async def note(progress: Progress) -> None:
        await asyncio.sleep(0)
        shown.append(f"{progress.id} at {progress.polls}")

    async def main() -> None:
        async with Looking(look).client() as client:
            async for outcome in wait_all_async(client, list("abcdef"), kind="media", concurrency=3, on_progress=note):
                shown.append(outcome.id)

    asyncio.run(main())
    assert shown == [text for name in "abcdef" for text in (f"{name} at 1", name)]


def test_looks_that_never_wait_let_others_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "_IN_A_ROW", 100)
    looks, turns, most, before = 0, 0, 0, 0

    async def look(name: str) -> str:
        nonlocal looks, most, before
        looks += 1
        if turns != before:
            before, most = turns, max(most, looks)
            looks = 0
        return "processing"

    async def main() -> None:
        nonlocal turns
        jobs = [f"m{n}" for n in range(2000)]
        async with Looking(look).client() as client:
            waiting = asyncio.create_task(ids(wait_all_async(client, jobs, kind="media", interval=3600, concurrency=2)))
            while looks + turns < 2000 and turns < 15:
                turns += 1
                await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting

    asyncio.run(main())
    assert turns == 15
    assert most < 500


def test_tasks_that_run_when_they_are_made() -> None:
    def eager(loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any) -> Any:
        """As asyncio.eager_task_factory, which Python 3.11 has not, for coroutines that never wait."""
        done = loop.create_future()
        with pytest.raises(StopIteration):
            coroutine.send(None)
        done.set_result(None)
        return done

    async def look(name: str) -> str:
        return "success"

    async def main() -> list[str]:
        asyncio.get_running_loop().set_task_factory(getattr(asyncio, "eager_task_factory", eager))
        async with Looking(look).client() as client:
            found = await ids(wait_all_async(client, list("abcde"), kind="media", concurrency=2))
        asyncio.get_running_loop().set_task_factory(None)
        return found

    assert asyncio.run(main()) == list("abcde")


def test_a_job_is_due_while_the_look_at_another_hangs() -> None:
    looks: Counter[str] = Counter()
    seen_again = asyncio.Event()

    async def look(name: str) -> str:
        looks[name] += 1
        if name == "slow":
            await seen_again.wait()
        elif looks[name] == 3:
            seen_again.set()
        return "success" if name == "slow" or looks[name] == 3 else "processing"

    async def main() -> list[str]:
        async with Looking(look).client() as client:
            return await ids(wait_all_async(client, ["slow", "quick"], kind="media", interval=0.001))

    assert sorted(asyncio.run(main())) == ["quick", "slow"]
    assert looks == {"slow": 1, "quick": 3}


@pytest.mark.parametrize("error", [OSError("no clock"), asyncio.CancelledError()])
def test_a_clock_that_fails_ends_the_waits(error: BaseException) -> None:
    """Also where a look's task asks for the time, and the caller is awake before asyncio tells of that task's end."""
    stopped = False

    def clock() -> float:
        if stopped:
            raise error
        return 0.0

    async def look(name: str) -> str:
        nonlocal stopped
        await (asyncio.Event().wait() if name == "slow" else asyncio.sleep(0))
        stopped = name == "b"
        return "success"

    async def main() -> None:
        async with Looking(look).client() as client:
            outcomes = wait_all_async(client, ["a", "b", "slow", "c", "d"], kind="media", clock=clock, concurrency=3)
            assert (await anext(outcomes)).id == "a"
            with pytest.raises(type(error)) as caught:
                await ids(outcomes)
        assert "go on at the server" in caught.value.__notes__[0]

    asyncio.run(main())


def test_a_look_that_is_cancelled_by_itself_ends_the_waits() -> None:
    async def look(name: str) -> str:
        await asyncio.sleep(0)
        raise asyncio.CancelledError

    async def main() -> None:
        async with Looking(look).client() as client:
            with pytest.raises(asyncio.CancelledError) as caught:
                await ids(wait_all_async(client, ["a", "b"], kind="media"))
        assert caught.value.__notes__[0].startswith("2 jobs go on")

    asyncio.run(main())


def test_a_note_names_what_the_caller_was_not_told() -> None:
    async def main() -> None:
        both, taken = asyncio.Barrier(2), asyncio.Event()

        async def look(name: str) -> str:
            if name == "c":
                await taken.wait()
                raise KeyboardInterrupt
            await both.wait()
            return "success"

        async with Looking(look).client() as client:
            async for _ in wait_all_async(client, ["a", "b", "c"], kind="media", concurrency=2):
                taken.set()
                await asyncio.Event().wait()

    with pytest.raises(KeyboardInterrupt) as caught:
        asyncio.run(main())
    (note_left,) = caught.value.__notes__
    assert note_left.startswith("2 jobs go on")
    assert "media c" in note_left


# ---- the real clock


def test_without_a_clock_of_ones_own() -> None:
    with service(lambda _: ["new", "success"]).client() as client:
        found = list(wait_all(client, ["a", "b"], kind="media", interval=0.001))
    assert {outcome.id for outcome in found} == {"a", "b"}


def test_without_a_clock_of_ones_own_on_asyncio() -> None:
    async def main() -> set[str]:
        async with service(lambda _: ["new", "success"]).client() as client:
            return {one.id async for one in wait_all_async(client, ["a", "b"], kind="media", interval=0.001)}

    assert asyncio.run(main()) == {"a", "b"}


# ---- ten thousand

MANY = 10_000
FINISHED = Media.from_dict({"id": "m", "processing_status": "success"})
PROCESSING = Media.from_dict({"id": "m", "processing_status": "processing"})


def turn(pool: _Pool, polls: int) -> tuple[int, int]:
    """Drive a pool by hand, every job finished at its ``polls``-th look; the answer counts outcomes and steps."""
    looks: Counter[int] = Counter()
    under_way: list[int] = []
    ended, count = 0, 0
    steps = iter(pool)
    answers: object = None
    while True:
        try:
            step = steps.send(answers)
        except StopIteration:
            return ended, count
        count += 1
        answers = None
        if isinstance(step, _Start):
            under_way.append(step.index)
        elif isinstance(step, _Collect):
            looks.update(under_way)
            answers = [(index, FINISHED if looks[index] >= polls else PROCESSING) for index in under_way]
            under_way.clear()
        elif isinstance(step, Sleep):
            cast("Any", pool._clock).sleep(step.seconds)
        elif isinstance(step, Outcome):
            ended += 1
        else:
            assert isinstance(step, Tell)


def ten_thousand(count: int = MANY) -> _Pool:
    pace = Pace(EVEN, None, 15, Clock(), lambda: 0.5)
    return _Pool([Job(f"media-{number:032}", "media") for number in range(count)], pace, 8)


def test_ten_thousand_jobs_need_little_memory() -> None:
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        pool = ten_thousand()
        steps = iter(pool)
        under_way: list[int] = []
        answers: object = None
        looked = 0
        # Up to the first sleep: every job has been looked at once and waits.
        while not isinstance(step := steps.send(answers), Sleep):
            answers = None
            if isinstance(step, _Start):
                under_way.append(step.index)
            elif isinstance(step, _Collect):
                looked += len(under_way)
                # Parsed anew each time, as from the wire: what a wait holds of it would count.
                answers = [
                    (index, Media.from_dict({"id": "m", "title": "x" * 4096, "processing_status": "new"}))
                    for index in under_way
                ]
                under_way.clear()
        used = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()

    assert looked == MANY
    assert used / MANY < 4096


def test_the_cost_is_linear() -> None:
    """Counted in steps, not in seconds."""
    (ended, steps), (more_ended, more_steps) = turn(ten_thousand(1000), 3), turn(ten_thousand(MANY), 3)

    assert (ended, more_ended) == (1000, MANY)
    assert more_steps <= steps * MANY / 1000 * 1.01
