"""However a call ends, every known id is named, and a paid request in flight is reported as a job that may exist."""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
from vimmerse.compat import (
    AsyncCompatClient,
    AsyncCompatTransport,
    CompatClient,
    CompatTransport,
    Policy,
)
from vimmerse.compat.client import results
from vimmerse.compat.core.errors import MAY_EXIST, TranslationError, UpstreamError
from vimmerse.compat.core.messages import Notice
from vimmerse.compat.runtime.driver import CallRecord, observed
from vimmerse.emulator import AT_ONCE, Emulator

from tests.faults import interruptions
from tests.faults.interrupted_calls import (
    ASYNC_ENTRY_POINTS,
    BASE,
    CALLS,
    ENDINGS,
    HEADERS,
    KEY,
    PRESETS,
    SYNC_ENTRY_POINTS,
    InterruptedCall,
    Service,
    Suspended,
    Tracer,
    Transport,
)
from tests.faults.interruptions import by_asyncio, by_hand, by_lines
from tests.sampling import sampled

pytestmark = pytest.mark.filterwarnings("ignore::vimmerse.compat.V1DeprecationWarning")


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("entry_point", ASYNC_ENTRY_POINTS)
def test_every_suspension_point_of_a_coroutine(entry_point: str, call: str, ending: str) -> None:
    calls = list(by_hand(entry_point, call, ending))
    assert len(calls) >= 7
    assert [missing for each in calls if (missing := each.missing())] == []
    assert {each.service.begun for each in calls} >= {0 if call != "a story" and "two" not in call else 1}


def test_a_task_that_is_cancelled_while_it_waits_for_a_socket() -> None:
    with Emulator(transition=AT_ONCE) as emulator:
        calls = list(by_asyncio(emulator.base_url, "a story", ""))
    assert len(calls) >= 3
    assert [each.missing() for each in calls if each.missing()] == []


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("entry_point", SYNC_ENTRY_POINTS)
def test_ctrl_c_between_a_paid_response_and_the_return(entry_point: str, call: str) -> None:
    first = list(SYNC_ENTRY_POINTS).index(entry_point)
    calls = list(by_lines(entry_point, call, every=37, first=first))
    assert len(calls) >= 4
    assert [(where, missing) for where, each in calls if (missing := each.missing())] == []


@pytest.mark.parametrize("entry_point", sampled(["CompatClient", "CompatAdapter"], 2))
def test_ctrl_c_at_every_line_of_one_call(entry_point: str) -> None:
    """The sampled lines above may skip those between the last response and the return."""
    calls = list(by_lines(entry_point, "a story"))
    assert len(calls) >= 100
    assert [(where, missing) for where, each in calls if (missing := each.missing())] == []


def test_the_page_contains_the_table() -> None:
    page = interruptions.PAGE.path.read_text(encoding="utf-8")
    part = page.partition(interruptions.PAGE.begin)[2].partition("<!-- end -->")[0]
    rows = [line.split("|")[2:4] for line in part.splitlines() if line.startswith("| ") and "---" not in line][1:]
    assert len(rows) >= len(ENDINGS) + len(SYNC_ENTRY_POINTS)
    assert all(points == named for points, named in rows)


# What remains if the exception is suppressed


class Hanging(httpx.AsyncBaseTransport):
    """Never responds."""

    def __init__(self) -> None:
        self.requested: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requested.append(request.url.path)
        await asyncio.get_running_loop().create_future()
        raise AssertionError("never reached")


def hanging_client(policy: Policy, transport: Hanging) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=BASE, transport=AsyncCompatTransport(transport, policy), headers=HEADERS)


async def _timeout(act: Any) -> None:
    async with asyncio.timeout(0.01):
        await act


async def _wait_for(act: Any) -> None:
    await asyncio.wait_for(act, 0.01)


async def _gathered(act: Any) -> None:
    async with asyncio.timeout(0.01):
        await asyncio.gather(act, asyncio.sleep(60))


async def _grouped(act: Any) -> None:
    async def fails() -> None:
        await asyncio.sleep(0.01)
        raise TimeoutError

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(act)
            group.create_task(fails())
    except* TimeoutError:
        raise TimeoutError from None


@pytest.mark.parametrize("way", [_timeout, _wait_for, _gathered, _grouped])
@pytest.mark.parametrize("paid", [True, False])
def test_a_timeout_that_suppresses_the_cancellation_leaves_a_notice_and_a_log_record(
    way: Callable[[Any], Any], paid: bool, caplog: pytest.LogCaptureFixture
) -> None:
    notices: list[Notice] = []
    transport = Hanging()

    async def play() -> None:
        client = hanging_client(Policy(base_url=BASE, on_warning=notices.append), transport)
        act = client.post("/story/idea-2-video", data={"idea": "x"}) if paid else client.get("/story/s1")
        await way(act)

    with caplog.at_level(logging.WARNING, "vimmerse"), pytest.raises(TimeoutError):
        asyncio.run(play())
    assert len(transport.requested) == 1
    left = [notice for notice in notices if notice.kind == "paid"]
    logged = [record.getMessage() for record in caplog.records if record.name == "vimmerse"]
    assert len(left) == len(logged) == int(paid)
    for text in (*map(str, left), *logged):
        assert text == f"POST /story/idea-2-video was ended by CancelledError: {MAY_EXIST}"
        assert KEY not in text


def test_without_on_warning_it_is_a_warning_at_the_users_line() -> None:
    async def play() -> int:
        client = hanging_client(Policy(base_url=BASE), Hanging())
        try:
            async with asyncio.timeout(0.01):
                line = 1 + play.__code__.co_firstlineno + 4
                await client.post("/story/idea-2-video", data={"idea": "x"})
        except TimeoutError:
            return line
        raise AssertionError

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        line = asyncio.run(play())
    (warning,) = (each for each in caught if each.category is UserWarning)
    assert (warning.filename, warning.lineno) == (__file__, line)
    assert MAY_EXIST in str(warning.message)


def test_a_warning_turned_into_an_error_does_not_replace_a_cancellation() -> None:
    async def play() -> None:
        client = hanging_client(Policy(base_url=BASE), Hanging())
        task = asyncio.ensure_future(client.post("/story/idea-2-video", data={"idea": "x"}))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        assert caught.value.__notes__ == [f"vimmerse: {MAY_EXIST}"]

    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        asyncio.run(play())


def test_a_failing_on_warning_or_log_handler_does_not_replace_a_cancellation() -> None:
    class Broken(logging.Handler):
        def handle(self, record: logging.LogRecord) -> bool:
            raise OSError("full")

    def deaf(notice: Notice) -> None:
        if notice.kind == "paid":
            raise OSError("deaf")

    async def play() -> None:
        client = hanging_client(Policy(base_url=BASE, on_warning=deaf), Hanging())
        await asyncio.wait_for(client.post("/story/idea-2-video", data={"idea": "x"}), 0.01)

    handler = Broken()
    logging.getLogger("vimmerse").addHandler(handler)
    try:
        with pytest.raises(TimeoutError):
            asyncio.run(play())
    finally:
        logging.getLogger("vimmerse").removeHandler(handler)


def test_no_notice_while_the_callers_body_is_read(caplog: pytest.LogCaptureFixture) -> None:
    service = Service()

    async def body() -> AsyncIterator[bytes]:
        yield b"idea="
        await Suspended()
        yield b"Rain"

    async def play() -> None:
        transport = AsyncCompatTransport(Transport(service, httpx), service.policy())
        client = httpx.AsyncClient(base_url=BASE, transport=transport, headers=HEADERS)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        await client.post("/story/idea-2-video", content=body(), headers=form)

    coroutine = play()
    coroutine.send(None)
    with pytest.raises(asyncio.CancelledError) as caught:
        coroutine.throw(asyncio.CancelledError())
    assert InterruptedCall(service, caught.value, [record.getMessage() for record in caplog.records]).missing() == ""
    assert service.begun == 0


def test_a_successful_call_emits_no_notice(caplog: pytest.LogCaptureFixture) -> None:
    for call in CALLS:
        service = Service()
        tracer = Tracer(10**9)
        SYNC_ENTRY_POINTS["httpx"](service, call, tracer)
        assert service.received
        assert [notice for notice in service.notices if notice.kind == "paid"] == []
    assert [record for record in caplog.records if record.name == "vimmerse"] == []


# Other ends


def responding_with(*responses: httpx.Response | BaseException) -> httpx.MockTransport:
    left = list(responses)

    def respond(request: httpx.Request) -> httpx.Response:
        response = left.pop(0)
        if isinstance(response, BaseException):
            raise response
        return response

    return httpx.MockTransport(respond)


def media(id: str, **more: object) -> httpx.Response:
    return httpx.Response(200, json={"id": id, "processing_status": "new", **more})


def prompt(transport: httpx.BaseTransport, policy: Policy | None = None, **body: object) -> httpx.Response:
    policy = policy or Policy(base_url=BASE, on_warning=lambda notice: None)
    body = {"pose_preset": PRESETS, **body}
    with httpx.Client(base_url=BASE, transport=CompatTransport(transport, policy), headers=HEADERS) as client:
        return client.post("/media/prompt", json=body)


CREATED = "vimmerse: already created, and paid for: m1"


@pytest.mark.parametrize(
    ("second", "may_exist"),
    [
        (httpx.ReadTimeout("late"), True),
        (httpx.ReadError("reset"), True),
        (httpx.ConnectError("connection refused"), False),
        (KeyboardInterrupt(), True),
        (SystemExit(3), True),
        (MemoryError(), True),
    ],
)
def test_a_failure_at_the_second_of_two_names_the_first(second: BaseException, may_exist: bool) -> None:
    with pytest.raises(type(second)) as caught:
        prompt(responding_with(media("m1"), second))
    assert caught.value.__notes__ == [CREATED, *([f"vimmerse: {MAY_EXIST}"] if may_exist else [])]


@pytest.mark.parametrize("body", [b"<html>", b"null", b"[]", b'{"id": 5.5}', b"{}"])
def test_an_invalid_response_error_carries_the_earlier_ids(body: bytes) -> None:
    with pytest.raises(UpstreamError) as caught:
        prompt(responding_with(media("m1"), httpx.Response(200, content=body)))
    assert isinstance(caught.value, httpx.RequestError)
    assert caught.value.job_ids == ("m1",)
    assert MAY_EXIST in str(caught.value)
    assert caught.value.__notes__ == [CREATED]  # ids in the message are not repeated in the notes


def test_a_warning_turned_into_an_error_after_a_paid_response_names_the_id() -> None:
    def strict(notice: Notice) -> None:
        if notice.kind == "lossy":
            raise UserWarning(str(notice))

    lost = [media("m1"), httpx.Response(400), httpx.Response(400)]
    policy = Policy(base_url=BASE, on_warning=strict)
    body = {"pose_preset": PRESETS[:1], "visibility_status": "0"}
    with pytest.raises(UserWarning, match="could not be set") as caught:
        prompt(responding_with(*lost), policy, **body)
    assert CREATED in caught.value.__notes__


def test_a_translation_error_after_a_paid_response_has_the_ids() -> None:
    def strict(notice: Notice) -> None:
        if notice.kind == "lossy":
            raise TranslationError("no")

    lost = [media("m1"), httpx.Response(400), httpx.Response(400)]
    body = {"pose_preset": PRESETS[:1], "visibility_status": "0"}
    with pytest.raises(TranslationError) as caught:
        prompt(responding_with(*lost), Policy(base_url=BASE, on_warning=strict), **body)
    assert isinstance(caught.value, httpx.RequestError)
    assert caught.value.job_ids == ("m1",)
    assert caught.value.payload()["created_ids"] == ["m1"]


def test_a_failing_observer_does_not_lose_the_id() -> None:
    def broken(outcome: CallRecord) -> None:
        raise OSError("full")

    with observed(broken), pytest.raises(OSError, match="full") as caught:
        prompt(responding_with(media("m1"), media("m2")))
    assert caught.value.__notes__ == ["vimmerse: already created, and paid for: m1, m2"]


def test_a_stream_that_can_not_be_closed_does_not_lose_the_id() -> None:
    class Stuck(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield b'{"id": "m1"}'

        def close(self) -> None:
            raise OSError("stuck")

    with pytest.raises(OSError, match="stuck") as caught:
        prompt(responding_with(httpx.Response(200, stream=Stuck())))
    assert caught.value.__notes__ == [CREATED]


def test_a_5xx_may_have_created_a_job() -> None:
    def broken(outcome: CallRecord) -> None:
        raise OSError("full")

    with observed(broken), pytest.raises(OSError, match="full") as caught:
        prompt(responding_with(httpx.Response(503, json={"code": "BUSY"})))
    assert caught.value.__notes__ == [f"vimmerse: {MAY_EXIST}"]
    with observed(broken), pytest.raises(OSError, match="full") as caught:
        prompt(responding_with(httpx.Response(429, json={"code": "RATE_LIMITED"})))
    assert not hasattr(caught.value, "__notes__")


def test_an_id_can_not_bring_lines_into_a_text() -> None:
    with pytest.raises(KeyboardInterrupt) as caught:
        prompt(responding_with(media("m1\n\x1b[31mFAKE"), KeyboardInterrupt()))
    assert "\n" not in caught.value.__notes__[0]
    assert "\x1b" not in caught.value.__notes__[0]
    assert "m1" in caught.value.__notes__[0]


@pytest.mark.parametrize(
    "malformed", [{"position": ["First"]}, {"position": {"a": 1}}, {"position": None}, 5, None, ["a"], {}]
)
def test_media_items_of_any_kind_are_accepted(malformed: object) -> None:
    response = prompt(responding_with(media("m1", media_items=[malformed]), media("m2", media_items=[malformed])))
    assert response.json()["data"]["id"] == "m1+m2"


@pytest.mark.parametrize("id", ["another", 5, None, {"a": 1}, ["m1"]])
def test_the_response_to_the_free_update_can_not_replace_an_id(id: object) -> None:
    later = httpx.Response(200, json={"id": id, "visibility_status": "0"})
    response = prompt(responding_with(media("m1"), media("m2"), later, later), visibility_status="0")
    assert response.json()["data"]["id"] == "m1+m2"


@pytest.mark.parametrize("client", [CompatClient, AsyncCompatClient])
def test_compat_client_names_the_ids_when_a_response_does_not_fit_the_models(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unfit(*arguments: object) -> None:
        raise TypeError("no such field")

    monkeypatch.setattr(results.CompatMedia, "from_dict", unfit)
    api = client(KEY, base_url=BASE, transport=responding_with(media("m1")))

    async def create() -> None:
        await api.create_media(prompt="Rain")

    act = api.create_media if client is CompatClient else lambda prompt: asyncio.run(create())
    with pytest.raises(TypeError, match="no such field") as caught:
        act(prompt="Rain")
    assert caught.value.__notes__ == [CREATED]


class Cut(httpx.SyncByteStream):
    """Fails in the middle of a response."""

    def __iter__(self) -> Iterator[bytes]:
        yield b'{"data": {"id'
        raise httpx.ReadError("cut")


def test_a_v1_response_to_a_paid_call_is_searched_for_its_id() -> None:
    def broken(outcome: CallRecord) -> None:
        raise OSError("full")

    unsupported = [{"MotionType": "Parallax"}]
    with pytest.raises(httpx.ReadError) as cut:
        prompt(responding_with(httpx.Response(200, stream=Cut())), pose_preset=unsupported)
    assert cut.value.__notes__ == [f"vimmerse: {MAY_EXIST}"]
    response = httpx.Response(200, json={"data": {"id": "v1-media"}})
    with observed(broken), pytest.raises(OSError, match="full") as caught:
        prompt(responding_with(response), pose_preset=unsupported)
    assert caught.value.__notes__ == ["vimmerse: already created, and paid for: v1-media"]
    response = httpx.Response(200, json={"data": {"id": "v1-media"}})
    assert prompt(responding_with(response), pose_preset=unsupported).json() == {"data": {"id": "v1-media"}}
