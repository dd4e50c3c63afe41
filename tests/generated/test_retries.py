"""When a call is sent again: the policy as a table, and calls to servers that fail."""

from __future__ import annotations

import asyncio
import itertools
import math
import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from io import BytesIO
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vimmerse._http import retries
from vimmerse._http.retries import RetrySettings, retry_after, retry_delay
from vimmerse.emulator import AT_ONCE, Emulator
from vimmerse.v2 import AuthenticatedClient, errors
from vimmerse.v2.api.image import upload_image
from vimmerse.v2.api.media import create_media, get_media
from vimmerse.v2.api.story import delete_story, get_story
from vimmerse.v2.models import CreateMediaRequest, UploadImageRequest
from vimmerse.v2.types import File

from tests.generated.calls import DETAILED, RAISING, VARIANTS, call, make_client

BODY = CreateMediaRequest(prompt="Rain")
REFUSED = [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("busy"), 429]
# Whoever sees one of these doesn't know what the server has done.
UNCERTAIN = [
    *(httpx.ReadTimeout(""), httpx.WriteTimeout(""), httpx.ReadError(""), httpx.WriteError(""), httpx.CloseError("")),
    *(httpx.RemoteProtocolError(""), httpx.DecodingError(""), 408, 425, 500, 502, 503, 504, 520, 599),
]
FINAL = [httpx.UnsupportedProtocol(""), httpx.LocalProtocolError(""), RuntimeError(), KeyboardInterrupt()]
FINAL += [200, 302, 400, 401, 402, 404, 409, 422, 499]  # type: ignore[list-item]
METHODS = ["POST", "PUT", "PATCH", "DELETE"]


def name(outcome: object) -> str:
    return str(outcome) if isinstance(outcome, int) else type(outcome).__name__


def delay_of(
    method: str, outcome: Any, attempt: int = 1, headers: Any = None, random: float = 0.0, **settings: Any
) -> Any:
    policy = RetrySettings(**{"max_retries": 2, **settings})
    return retry_delay(method, outcome, headers or {}, attempt, policy, now=NOW, random=random)


# --- The policy ----------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", [*REFUSED, *UNCERTAIN], ids=name)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_read_is_repeated_after_a_transient_failure(method: str, outcome: Any) -> None:
    assert delay_of(method, outcome) == 0.5


@pytest.mark.parametrize("outcome", FINAL, ids=name)
@pytest.mark.parametrize("method", ["GET", *METHODS])
def test_nothing_is_repeated_if_it_would_change_nothing(method: str, outcome: Any) -> None:
    assert delay_of(method, outcome, retry_refused=True) is None


@pytest.mark.parametrize("outcome", REFUSED, ids=name)
@pytest.mark.parametrize("method", METHODS)
def test_another_call_is_repeated_if_it_was_refused_and_the_caller_asks_for_that(method: str, outcome: Any) -> None:
    assert delay_of(method, outcome) is None
    assert delay_of(method, outcome, retry_refused=True) == 0.5


@pytest.mark.parametrize("outcome", UNCERTAIN, ids=name)
@pytest.mark.parametrize("method", METHODS)
def test_a_call_that_may_have_been_carried_out_is_never_repeated(method: str, outcome: Any) -> None:
    assert delay_of(method, outcome, retry_refused=True, max_retries=100) is None


def test_a_certificate_that_is_not_trusted_stays_so() -> None:
    error = httpx.ConnectError("bad")
    error.__cause__ = ssl.SSLCertVerificationError("self-signed")
    assert delay_of("GET", error) is None
    assert delay_of("POST", error, retry_refused=True) is None


def test_another_error_that_the_caller_handles_is_not_the_reason() -> None:
    error = httpx.ConnectError("refused")
    error.__context__ = ssl.SSLCertVerificationError("of another host, from whose handler this call was made")
    assert delay_of("GET", error) == 0.5


@pytest.mark.parametrize(
    ("max_retries", "attempt", "repeated"), [(0, 1, False), (1, 1, True), (1, 2, False), (9, 9, True)]
)
def test_the_number_of_attempts_is_bounded(max_retries: int, attempt: int, repeated: bool) -> None:
    assert (delay_of("GET", 500, attempt, max_retries=max_retries) is not None) is repeated


@pytest.mark.parametrize(
    ("attempt", "random", "seconds"),
    [(1, 0, 0.5), (2, 0, 1), (3, 0, 2), (4, 0, 4), (5, 0, 8), (6, 0, 8), (10**9, 0, 8), (1, 1, 0.25), (5, 1, 4)],
)
def test_the_backoff_doubles_up_to_eight_seconds_less_up_to_half(attempt: int, random: float, seconds: float) -> None:
    assert delay_of("GET", 500, attempt, random=random, max_retries=10**9) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("0", 0.5), ("7", 7.5), ("1.5", 2.0), ("60", 60.5), ("61", None), ("1e9", None), ("soon", 0.5), ("-3", 0.5)],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_retry_after_is_obeyed_up_to_a_minute(method: str, value: str, seconds: float | None) -> None:
    assert delay_of(method, 429, headers={"retry-after": value}, retry_refused=True) == seconds


def test_retry_after_may_be_a_date() -> None:
    assert delay_of("GET", 503, headers={"retry-after": http_date(NOW + 20)}) == 20.5


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"max_retries": -1}, ValueError),
        ({"max_retries": 1.5}, TypeError),
        ({"max_retries": True}, TypeError),
        ({"max_retries": "2"}, TypeError),
        ({"retry_refused": 1}, TypeError),
        ({"retry_refused": "yes"}, TypeError),
    ],
)
def test_settings_that_make_no_sense_are_rejected_everywhere(settings: dict[str, Any], error: type[Exception]) -> None:
    failing = AuthenticatedClient(token="k" * 8)
    for attempt in (
        lambda: AuthenticatedClient(token="k" * 8, **settings),
        lambda: failing.with_options(**settings),
        lambda: get_media.sync("m1", client=failing, **settings),
    ):
        with pytest.raises(error, match=next(iter(settings))):
            attempt()


NOW = 1_700_000_000.0


def http_date(moment: float) -> str:
    return format_datetime(datetime.fromtimestamp(moment, UTC), usegmt=True)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": " 1.5 "}, 1.5),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "-5"}, 0),
        ({"retry-after": "1e300"}, 366 * 86400),
        ({"retry-after": "inf"}, 366 * 86400),
        ({"retry-after": "9" * 400}, 366 * 86400),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": http_date(NOW + 90)}, 90),
        ({"retry-after": http_date(NOW - 90)}, 0),
        ({"retry-after": http_date(NOW + 90).replace("GMT", "-0000")}, 90),
        # By the server's own clock, which is an hour behind this one.
        ({"retry-after": http_date(NOW - 3570), "date": http_date(NOW - 3600)}, 30),
        ({"retry-after": http_date(NOW + 90), "date": "yesterday"}, 90),
        ({"retry-after": "Mon, 99 Xyz 2023 00:00:00 GMT"}, None),
    ],
)
def test_retry_after(headers: dict[str, str], expected: float | None) -> None:
    assert retry_after(headers, NOW) == expected


@given(st.text(max_size=40))
def test_retry_after_accepts_any_text(text: str) -> None:
    result = retry_after({"retry-after": text}, NOW)

    assert result is None or 0 <= result < math.inf


# --- Calls ---------------------------------------------------------------------------------------


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of all waits between attempts, which take no time."""
    seconds: list[float] = []

    async def sleep_async(delay: float) -> None:
        seconds.append(delay)

    monkeypatch.setattr(retries, "sleep", seconds.append)
    monkeypatch.setattr(retries, "sleep_async", sleep_async)
    return seconds


class Script:
    """Answer each request with the next of these statuses and exceptions, then with the last one forever."""

    def __init__(self, *outcomes: Any, **response: Any) -> None:
        self.requests: list[httpx.Request] = []
        self.bodies: list[bytes] = []
        self.outcomes = itertools.chain(outcomes, itertools.repeat(outcomes[-1]))
        self.response = {"json": {"id": "m1", "processing_status": "queued"}, **response}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.bodies.append(request.read())
        outcome = next(self.outcomes)
        if isinstance(outcome, BaseException):
            raise outcome
        return httpx.Response(outcome, **self.response)


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_read_is_sent_again_until_it_succeeds(variant: str, slept: list[float]) -> None:
    script = Script(503, httpx.ReadError("reset"), 200)
    result = call(get_media, variant, "m1", client=make_client(script, max_retries=2))
    media = result.parsed if variant in DETAILED else result
    assert media.id == "m1"
    assert len(script.requests) == 3
    assert 0.25 <= slept[0] <= 0.5 <= slept[1] <= 1
    if variant in DETAILED:
        assert result.attempts == 3


@pytest.mark.parametrize("variant", RAISING)
def test_after_the_last_attempt_the_last_error_is_raised(variant: str, slept: list[float]) -> None:
    script = Script(httpx.ReadError("reset"), 503, 502)
    with pytest.raises(errors.ServerError) as caught:
        call(get_media, variant, "m1", client=make_client(script, max_retries=2))
    assert (caught.value.status, caught.value.attempts, len(script.requests)) == (502, 3, 3)
    assert "3 attempts" in str(caught.value)

    with pytest.raises(httpx.ReadError, match="reset") as failed:
        call(get_media, variant, "m1", client=make_client(Script(httpx.ReadError("reset")), max_retries=2))
    assert failed.value.__notes__ == ["vimmerse: 3 attempts were made."]


@pytest.mark.parametrize("variant", VARIANTS)
def test_nothing_is_repeated_by_default(variant: str, slept: list[float]) -> None:
    script = Script(503)
    if variant in DETAILED:
        assert call(get_media, variant, "m1", client=make_client(script)).attempts == 1
    else:
        with pytest.raises(errors.ServerError):
            call(get_media, variant, "m1", client=make_client(script))
    assert (len(script.requests), slept) == (1, [])


def test_a_call_can_have_its_own_number_of_retries(slept: list[float]) -> None:
    client, script = make_client(script := Script(503), max_retries=5), script
    with pytest.raises(errors.ServerError):
        get_media.sync("m1", client=client, max_retries=1)
    assert len(script.requests) == 2
    with pytest.raises(errors.ServerError):
        get_media.sync("m1", client=client.with_options(max_retries=0))
    assert len(script.requests) == 3


def test_a_longer_pause_than_a_minute_is_left_to_the_caller(slept: list[float]) -> None:
    script = Script(429, headers={"Retry-After": "300"})
    with pytest.raises(errors.RateLimitError, match="wait 300 s") as caught:
        get_media.sync("m1", client=make_client(script, max_retries=5))
    assert (caught.value.retry_after, len(script.requests), slept) == (300, 1, [])


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_call_that_is_repeated_has_the_same_body(variant: str, slept: list[float]) -> None:
    script = Script(429, httpx.ConnectError("refused"), 200)
    client = make_client(script, max_retries=2, retry_refused=True)
    call(create_media, variant, client=client, body=BODY, extra_body={"new": 1}, extra_headers={"X-Trace": "t"})
    assert script.bodies == [b'{"prompt":"Rain","new":1}'] * 3
    assert {request.headers["x-trace"] for request in script.requests} == {"t"}


class Pipe(BytesIO):
    """A file that can be read once."""

    def seekable(self) -> bool:
        return False


@pytest.mark.parametrize(
    ("payload", "attempts"), [(BytesIO(b"\x89PNG"), 2), (Pipe(b"\x89PNG"), 1)], ids=["in memory", "pipe"]
)
def test_an_upload_is_repeated_only_if_its_file_can_be_read_again(
    payload: BytesIO, attempts: int, slept: list[float]
) -> None:
    script = Script(429, 429)
    client = make_client(script, max_retries=1, retry_refused=True)
    with pytest.raises(errors.RateLimitError) as caught:
        upload_image.sync(client=client, body=UploadImageRequest(image_file=File(payload, "a.png")))
    assert (len(script.bodies), caught.value.attempts) == (attempts, attempts)
    assert all(b"\x89PNG" in body for body in script.bodies)
    notes = getattr(caught.value, "__notes__", [])
    assert [note for note in notes if "can't be read a second time" in note] == notes
    assert len(notes) == (attempts == 1)


def test_what_follows_a_redirect_says_nothing_about_the_first_request(slept: list[float]) -> None:
    """The first server may have carried the call out before it redirected."""
    for second in (httpx.ConnectError("refused"), httpx.Response(429)):
        seen: list[str] = []

        def handler(request: httpx.Request, second: Any = second, seen: list[str] = seen) -> httpx.Response:
            seen.append(request.method)
            if request.url.path != "/elsewhere":
                return httpx.Response(303, headers={"Location": "/elsewhere"})
            if isinstance(second, Exception):
                raise second
            return httpx.Response(429)

        client = make_client(handler, max_retries=3, retry_refused=True, follow_redirects=True)
        with pytest.raises((errors.RateLimitError, httpx.ConnectError)) as caught:
            create_media.sync(client=client, body=BODY)
        assert seen == ["POST", "GET"]
        if isinstance(caught.value, httpx.ConnectError):
            assert "may have been carried out" in caught.value.__notes__[0]
        else:
            assert isinstance(caught.value, errors.RateLimitError)
            assert caught.value.method == "POST"


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(
    ("error", "note"),
    [
        (httpx.ConnectError("refused"), "did not reach the service"),
        (httpx.PoolTimeout("busy"), "did not reach the service"),
        (httpx.ReadTimeout("slow"), "may have been carried out"),
        (httpx.RemoteProtocolError("cut"), "may have been carried out"),
        (KeyboardInterrupt(), "may have been carried out"),
        (httpx.LocalProtocolError("a bad header"), None),
        (RuntimeError("of a transport of the caller's"), "may have been carried out"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_transport_error_says_whether_the_call_may_have_been_carried_out(
    variant: str, error: BaseException, note: str | None
) -> None:
    for operation, arguments, is_read in (
        (create_media, {"body": BODY}, False),
        (delete_story, {"story_id": "s1"}, False),
        (get_story, {"story_id": "s1"}, True),
    ):
        failure = type(error)(*error.args)
        with pytest.raises(type(error)) as caught:
            call(operation, variant, client=make_client(Script(failure)), **arguments)
        notes = getattr(caught.value, "__notes__", [])
        assert len(notes) == (0 if is_read or note is None else 1)
        assert all(str(note) in each for each in notes)
        if operation is delete_story and note == "may have been carried out":
            assert "(id s1)" in notes[0]


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(
    "error", [httpx.ConnectError("of the hook's own"), httpx.PoolTimeout(""), ValueError()], ids=name
)
def test_an_error_of_a_hook_is_not_taken_for_that_of_the_connection(
    variant: str, error: Exception, slept: list[float]
) -> None:
    """The service has carried the call out."""

    def fail(_: object) -> None:
        raise type(error)(*error.args)

    async def fail_async(_: object) -> None:
        fail(_)

    script = Script(200)
    hooks = {"event_hooks": {"response": [fail]}}, {"event_hooks": {"response": [fail_async]}}
    client = make_client(script, max_retries=3, retry_refused=True, httpx_args=hooks[0], async_httpx_args=hooks[1])
    with pytest.raises(type(error)) as caught:
        call(create_media, variant, client=client, body=BODY)
    assert len(script.requests) == 1
    assert "may have been carried out" in caught.value.__notes__[0]


@pytest.mark.parametrize(("status", "notes"), [(503, 1), (302, 1), (401, 0), (429, 0)])
def test_a_hook_that_raises_for_the_status_tells_what_the_status_means(status: int, notes: int) -> None:
    hooks = {"event_hooks": {"response": [httpx.Response.raise_for_status]}}
    with pytest.raises(httpx.HTTPStatusError) as caught:
        create_media.sync(client=make_client(Script(status), httpx_args=hooks), body=BODY)
    assert len(getattr(caught.value, "__notes__", [])) == notes


def test_a_hook_that_refuses_a_request_has_kept_it_from_the_service() -> None:
    def refuse(request: httpx.Request) -> None:
        raise RuntimeError("too expensive")

    script = Script(200)
    client = make_client(script, httpx_args={"event_hooks": {"request": [refuse]}})
    with pytest.raises(RuntimeError) as caught:
        create_media.sync(client=client, body=BODY)
    assert not script.requests
    assert not hasattr(caught.value, "__notes__")


def test_an_error_may_be_its_own_cause(slept: list[float]) -> None:
    """``raise error from error``: to look for a certificate among its causes must end."""
    error = httpx.ConnectError("refused")
    error.__cause__ = error
    with pytest.raises(httpx.ConnectError):
        get_media.sync("m1", client=make_client(Script(error), max_retries=1))
    assert len(slept) == 1


def test_an_error_of_a_hook_needs_no_request() -> None:
    def fail(request: httpx.Request) -> None:
        raise httpx.ReadError("of a hook, before there was a request")

    client = make_client(Script(200), httpx_args={"event_hooks": {"request": [fail]}})
    with pytest.raises(httpx.ReadError):
        create_media.sync(client=client, body=BODY)


def test_a_wait_can_be_cancelled() -> None:
    async def main() -> None:
        script = Script(429, headers={"Retry-After": "50"})
        task = asyncio.create_task(get_media.asyncio("m1", client=make_client(script, max_retries=5)))
        while not script.requests:  # noqa: ASYNC110  # the script is not asynchronous
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(script.requests) == 1

    asyncio.run(main())


def test_the_waits_take_the_time_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds: list[float] = []
    monkeypatch.setattr("time.sleep", seconds.append)
    retries.sleep(1.5)
    assert seconds == [1.5]
    asyncio.run(retries.sleep_async(0))


# --- Against the emulator, with its ledger -------------------------------------------------------


def connected_call(base_url: str, variant: str, module: Any, settings: dict[str, Any], **arguments: Any) -> Any:
    """Make a call over real connections, which are closed afterwards."""
    client = AuthenticatedClient(base_url=base_url, token="k" * 8, **settings)
    if not variant.startswith("asyncio"):
        with client:
            return call(module, variant, client=client, **arguments)

    async def main() -> Any:
        async with client:
            return await getattr(module, variant)(client=client, **arguments)

    return asyncio.run(main())


@pytest.fixture(scope="module")
def shared_emulator() -> Iterator[Emulator]:
    with Emulator(transition=AT_ONCE) as running:
        yield running


@pytest.fixture
def emulator(shared_emulator: Emulator) -> Emulator:
    shared_emulator.reset()
    return shared_emulator


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(
    ("kind", "options", "jobs"),
    [
        ("reset", {}, 0),
        ("reset_accepted", {}, 1),
        ("hang", {}, 0),
        ("hang_accepted", {}, 1),
        ("cut", {}, 1),
        ("truncated", {}, 1),
        ("status", {"status": 500}, 0),
        ("status", {"status": 502}, 0),
        ("status", {"status": 503, "headers": [("Retry-After", "0")]}, 0),
        ("status", {"status": 408}, 0),
        ("unknown_status", {}, 0),
        ("html", {}, 0),
        ("null", {}, 0),
    ],
)
def test_a_paid_call_is_sent_once_whatever_the_settings(
    emulator: Emulator, slept: list[float], variant: str, kind: Any, options: dict[str, Any], jobs: int
) -> None:
    emulator.faults.add(("POST", "/v2/media"), kind, times=None, **options)
    timeout = httpx.Timeout(5, read=0.2 if kind.startswith("hang") else 5)
    settings = {"max_retries": 5, "retry_refused": True, "timeout": timeout}
    failure: Exception | None = None
    try:
        response = connected_call(emulator.base_url, variant, create_media, settings, body=BODY)
    except (httpx.TransportError, errors.ApiError) as error:
        failure = error
    if failure is None:
        assert (variant in DETAILED, response.attempts) == (True, 1)
    elif isinstance(failure, errors.ApiError):
        assert failure.attempts == 1
        assert failure.status == 408 or "may have been carried out" in str(failure)
    else:
        assert "may have been carried out" in failure.__notes__[0]
    # A client that gives up may be faster than the server.
    for _ in range(500):
        if len(emulator.requests) == 1 and len(emulator.jobs) == jobs:
            break
        time.sleep(0.01)
    assert len(emulator.requests) == 1
    assert len(emulator.jobs) == jobs
    assert slept == []


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_paid_call_that_was_refused_makes_one_job(emulator: Emulator, slept: list[float], variant: str) -> None:
    emulator.faults.add(("POST", "/v2/media"), "rate_limit", times=2, retry_after=1)
    connected_call(emulator.base_url, variant, create_media, {}, body=BODY, max_retries=2, retry_refused=True)
    assert len(emulator.jobs) == 1
    assert len(emulator.requests) == 3
    assert [1.25 <= slept[0] <= 1.5, 1.5 <= slept[1] <= 2] == [True, True]
    paid = emulator.credits_used

    emulator.reset()
    emulator.faults.add(("POST", "/v2/media"), "rate_limit", times=1)
    if variant in RAISING:
        with pytest.raises(errors.RateLimitError, match="not carried out"):
            connected_call(emulator.base_url, variant, create_media, {"max_retries": 2}, body=BODY)
    else:
        response = connected_call(emulator.base_url, variant, create_media, {"max_retries": 2}, body=BODY)
        assert response.status_code == 429
    assert (len(emulator.requests), emulator.credits_used) == (1, 0)
    assert paid > 0


@pytest.mark.parametrize("variant", RAISING)
def test_a_closed_port_is_tried_again(slept: list[float], variant: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        settings = {"max_retries": 3, "retry_refused": True}
        with pytest.raises(httpx.ConnectError) as caught:
            connected_call(url, variant, create_media, settings, body=BODY)
    attempts, arrived = caught.value.__notes__
    assert attempts == "vimmerse: 4 attempts were made."
    assert "did not reach the service" in arrived
    assert len(slept) == 3
