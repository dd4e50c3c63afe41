"""The loop that drives a flow; sync and async have the same tests."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from vimmerse.compat.core.errors import StrictModeError
from vimmerse.compat.core.messages import Notice, V1Request, V1Response, V2Request, V2Response
from vimmerse.compat.flows.context import Flow
from vimmerse.compat.runtime.bodies import SentBody, read_body
from vimmerse.compat.runtime.driver import CallRecord, CallState, Exchange, drive, drive_async, observed, report, trace

from tests.entry_points.fakes import notice


class Stream:
    closed = False


@dataclass
class World:
    """Sends nothing and records all events."""

    is_async: bool
    responses: list[V2Response | BaseException] = field(default_factory=list)
    events: list[object] = field(default_factory=list)
    emit: Callable[[Notice], object] | None = None
    response: V1Response | None = None

    def _record(self, state: CallState, response: V1Response) -> CallRecord:
        self.response = response
        return state.record(response)

    def _send(self, request: V2Request) -> V2Response:
        self.events.append(request.url)
        response = self.responses.pop(0)
        if isinstance(response, BaseException):
            raise response
        return response

    def _emit(self, notice: Notice) -> None:
        self.events.append(str(notice))
        if self.emit is not None:
            self.emit(notice)

    def _close(self, stream: object) -> None:
        assert isinstance(stream, Stream)
        stream.closed = True

    def run_flow(self, flow: Flow, call: V1Request | None = None) -> CallRecord:
        state = CallState(self._emit, call or V1Request("", ""))
        if not self.is_async:
            try:
                return self._record(state, drive(flow, self._send, state, close=self._close))
            except BaseException as error:
                state.annotate(error)
                raise

        async def send(request: V2Request) -> V2Response:
            await asyncio.sleep(0)
            return self._send(request)

        async def close(stream: object) -> None:
            await asyncio.sleep(0)
            self._close(stream)

        async def main() -> CallRecord:
            try:
                return self._record(state, await drive_async(flow, send, state, close=close))
            except BaseException as error:
                state.annotate(error)
                raise

        return asyncio.run(main())


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def world(request: pytest.FixtureRequest) -> World:
    return World(request.param)


OK = V2Response(200, (), b"{}")


def two(*late: Notice) -> Flow:
    try:
        yield V2Request("POST", "one", (("X-Api-Key", "k"), ("A", "b")), b"1", notices=(notice(text="first"),))
        yield V2Request("PUT", "two", body=read_body([b"22"], limit=0), notices=(notice(text="second"),))
    except GeneratorExit:
        raise
    except BaseException as error:
        error.add_note("created: 1")
        raise
    return V1Response(200, notices=late)


def test_notices_come_before_their_request_and_all_is_recorded(world: World) -> None:
    world.responses = [OK, V2Response(201, (("B", "c"),), b"x")]
    last = notice(text="late")
    call = V1Request("POST", "https://api.vimmerse.net/story")
    outcome = world.run_flow(two(last), call)
    assert world.events == ["first", "one", "second", "two", "late"]
    assert [str(notice) for notice in outcome.notices] == ["first", "second", "late"]
    assert (outcome.method, outcome.url) == ("POST", call.url)
    first, second = outcome.exchanges
    assert first.request.headers == (("X-Api-Key", "[hidden]"), ("A", "b"))
    assert (first.request.body, second.request.body) == (b"1", SentBody(2))
    assert second.response == V2Response(201, (("B", "c"),), b"x")
    restored = pickle.loads(pickle.dumps(outcome))
    assert (restored, hash(restored), repr(restored)) == (outcome, hash(outcome), repr(outcome))
    assert outcome != outcome.url


def test_a_refusal_sends_nothing(world: World) -> None:
    def refuse() -> Flow:
        raise StrictModeError("no")
        yield

    with pytest.raises(StrictModeError):
        world.run_flow(refuse())
    assert world.events == []


def test_a_warning_that_is_an_error_costs_nothing(world: World) -> None:
    def refuse(notice: Notice) -> None:
        raise UserWarning(str(notice))

    world.emit = refuse
    with pytest.raises(UserWarning, match="first") as caught:
        world.run_flow(two())
    assert world.events == ["first"]
    assert not hasattr(caught.value, "__notes__")


def test_a_later_warning_turned_into_an_error_names_what_was_created(world: World) -> None:
    def refuse(notice: Notice) -> None:
        if str(notice) == "second":
            raise UserWarning(str(notice))

    world.emit, world.responses = refuse, [OK]
    with pytest.raises(UserWarning, match="second") as caught:
        world.run_flow(two())
    assert world.events == ["first", "one", "second"]
    assert caught.value.__notes__ == ["created: 1"]


def test_a_warning_that_the_flow_suppresses_is_still_raised(world: World) -> None:
    def deaf() -> Flow:
        yield V2Request("GET", "one")
        try:
            yield V2Request("GET", "two", notices=(notice(text="second"),))
        except UserWarning:
            yield V2Request("GET", "three")
        return V1Response(200)

    def refuse(notice: Notice) -> None:
        raise UserWarning(str(notice))

    world.emit, world.responses = refuse, [OK]
    with pytest.raises(UserWarning, match="second"):
        world.run_flow(deaf())
    assert world.events == ["one", "second"]


def test_a_warning_turned_into_an_error_after_the_call_says_that_it_was_made(world: World) -> None:
    stream = Stream()

    def with_a_late_notice() -> Flow:
        yield V2Request("GET", "one", stream=True)
        return V1Response(200, native=stream, notices=(notice(text="late"),))

    def refuse(notice: Notice) -> None:
        raise UserWarning(str(notice))

    world.emit, world.responses = refuse, [V2Response(200, native=stream)]
    with pytest.raises(UserWarning, match="late") as caught:
        world.run_flow(with_a_late_notice())
    assert caught.value.__notes__ == ["The call itself was made and returned 200."]
    assert stream.closed


@pytest.mark.parametrize("kind", [OSError, KeyboardInterrupt, asyncio.CancelledError])
def test_a_send_error_passes_through_the_flow(world: World, kind: type[BaseException]) -> None:
    error = kind("gone")
    world.responses = [OK, error]
    with pytest.raises(type(error)) as caught:
        world.run_flow(two())
    assert caught.value is error
    assert error.__notes__ == ["created: 1"]


def test_a_flow_may_handle_a_send_error(world: World) -> None:
    def stubborn() -> Flow:
        try:
            yield V2Request("GET", "one")
        except OSError:
            response = yield V2Request("GET", "two")
            return V1Response(response.status)
        return V1Response(500)

    world.responses = [OSError(), OK]
    assert world.run_flow(stubborn()).response.status == 200
    assert world.events == ["one", "two"]


def test_streams_that_are_not_the_response_are_closed(world: World) -> None:
    streams = [Stream(), Stream(), Stream()]

    def three() -> Flow:
        for _ in streams[:-1]:
            yield V2Request("GET", "file", stream=True)
        last = yield V2Request("GET", "file", stream=True)
        return V1Response(200, native=last.native)

    world.responses = [V2Response(200, native=stream) for stream in streams]
    outcome = world.run_flow(three())
    assert [stream.closed for stream in streams] == [True, True, False]
    assert world.response is not None
    assert world.response.native is streams[-1]
    assert outcome.response.native is None


def test_streams_are_closed_when_the_call_fails(world: World) -> None:
    stream = Stream()

    def failing() -> Flow:
        yield V2Request("GET", "file", stream=True)
        raise StrictModeError("no")

    world.responses = [V2Response(200, native=stream)]
    with pytest.raises(StrictModeError):
        world.run_flow(failing())
    assert stream.closed


def test_sync_streams_need_no_close_function() -> None:
    state = CallState(lambda notice: None, V1Request("", ""))
    assert drive(two(), lambda request: OK, state).status == 200


def test_observers_see_each_call_until_they_leave() -> None:
    outcome = CallRecord(V1Request("", ""), V1Response(200))
    seen: list[CallRecord] = []
    others: list[CallRecord] = []
    with observed(others.append):
        with observed(seen.append):
            report(outcome)
        report(outcome)
    report(outcome)
    assert (len(seen), len(others)) == (1, 2)


def test_a_trace_shows_paths_and_no_secret() -> None:
    outcome = CallRecord(
        V1Request("GET", "https://api.vimmerse.net/media/1/download?key=secret"),
        V1Response(200),
        (
            Exchange(V2Request("GET", "https://api.vimmerse.net/v2/media/1?fields=result"), OK),
            Exchange(V2Request("POST", "https://api.vimmerse.net/v2/media", paid=True), OK),
            Exchange(V2Request("GET", "https://me:pw@cdn.example.org/a.mp4?token=secret", kind="file"), OK),
        ),
    )
    assert trace(outcome).splitlines() == [
        "v1 GET /media/1/download 200",
        "  v2 GET /v2/media/1 200",
        "  v2 POST /v2/media 200 (may cost credits)",
        "  file GET cdn.example.org/a.mp4 200",
    ]


def test_an_error_is_annotated_once_however_often_it_passes() -> None:
    sent, received = V2Request("POST", "https://api/v2/media", paid=True), V2Response(200, (), b'{"id": "m1"}')
    state = CallState(lambda notice: None, V1Request("POST", "https://api/media"), exchanges=[Exchange(sent, received)])
    error = ValueError("broken")
    state.annotate(error)
    state.annotate(error)
    assert error.__notes__ == ["vimmerse: already created, and paid for: m1"]
