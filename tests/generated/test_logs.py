"""The log of requests: what it says, what it never says, and ``VIMMERSE_LOG``."""

from __future__ import annotations

import importlib.util
import json
import logging
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import requests
from vimmerse._http import logs, retries
from vimmerse.compat import CompatAdapter, CompatTransport, Policy
from vimmerse.emulator import AT_ONCE, Emulator
from vimmerse.v2 import AuthenticatedClient, errors
from vimmerse.v2.api.image import upload_image
from vimmerse.v2.api.media import create_media, get_media
from vimmerse.v2.api.story import create_scenes
from vimmerse.v2.models import CreateMediaRequest, CreateScenesRequest, UploadImageRequest
from vimmerse.v2.types import File

from tests.generated.calls import DETAILED, KEY, VARIANTS, Recorder, call, make_client
from tests.keys.canary import CANARY, everything_said

LOGGER = "vimmerse.http"
BODY = CreateMediaRequest(prompt="A paper boat")


def records(caplog: pytest.LogCaptureFixture, level: int = logging.INFO) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.name == LOGGER and record.levelno == level]


@pytest.fixture
def info(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, LOGGER)
    return caplog


@pytest.fixture
def debug(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG, LOGGER)
    return caplog


def answering(code: int = 200, headers: dict[str, str] | None = None, **fields: Any) -> Recorder:
    headers = {"Content-Type": "application/json", **(headers or {})}
    return Recorder(code, content=json.dumps(fields).encode(), headers=headers)


# --- What it says --------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_request_is_one_line(variant: str, info: pytest.LogCaptureFixture) -> None:
    recorder = answering(200, {"X-Request-Id": "req-1"}, id="secret-story", status="queued")
    call(create_scenes, variant, "secret-story", client=make_client(recorder), body=CreateScenesRequest())
    (record,) = records(info)
    pattern = r"POST /v2/story/\{story_id\}/scenes 200 in \d+\.\d{3} s, request id req-1"
    assert re.fullmatch(pattern, record.getMessage())
    fields = vars(record)
    assert fields["duration"] >= 0
    expected = {"method": "POST", "path": "/v2/story/{story_id}/scenes", "status": 200, "error": None, "attempt": 1}
    expected |= {"request_id": "req-1", "job_id": "secret-story", "retry_in": None, "v1_call": None}
    assert {name: fields[name] for name in expected} == expected


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_attempt_is_a_line(variant: str, info: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleep_async(delay: float) -> None: ...

    monkeypatch.setattr(retries, "sleep", lambda delay: None)
    monkeypatch.setattr(retries, "sleep_async", sleep_async)
    outcomes = iter((httpx.ConnectError("refused"), httpx.Response(503), httpx.Response(200, json={"id": "m1"})))

    def handler(request: httpx.Request) -> httpx.Response:
        outcome = next(outcomes)
        if isinstance(outcome, httpx.Response):
            return outcome
        raise outcome

    call(get_media, variant, "m1", client=make_client(handler, max_retries=2))
    lines = [re.sub(r"\d+\.\d+", "N", record.getMessage()) for record in records(info)]
    assert lines == [
        "GET /v2/media/{media_id} ConnectError in N s, attempt 1; next attempt in N s",
        "GET /v2/media/{media_id} 503 in N s, attempt 2; next attempt in N s",
        "GET /v2/media/{media_id} 200 in N s, attempt 3",
    ]
    assert [(vars(record)["attempt"], vars(record)["error"]) for record in records(info)] == [
        (1, "ConnectError"), (2, None), (3, None),
    ]  # fmt: skip


@pytest.mark.parametrize("header", ["X-Request-Id", "Request-Id", "X-Amzn-RequestId", "X-Correlation-Id", "CF-Ray"])
def test_errors_and_responses_have_the_request_id(header: str) -> None:
    for status in (200, 500):
        recorder = Recorder(
            status, headers={header: " req\r\n\x1b[31m-2 " if status == 200 else "req-2"}, json={"id": "m1"}
        )
        client = make_client(recorder)
        response = get_media.sync_detailed("m1", client=client)
        assert response.request_id == ("req [31m-2" if status == 200 else "req-2")
    with pytest.raises(errors.ServerError, match="request id req-2") as caught:
        get_media.sync("m1", client=client)
    assert caught.value.request_id == "req-2"


def test_the_most_specific_request_id_wins_and_its_length_is_bounded() -> None:
    headers = {"CF-Ray": "ray", "X-Request-Id": "r" * 5000}
    response = get_media.sync_detailed("m1", client=make_client(answering(headers=headers, id="m1")))
    assert response.request_id == "r" * 200
    response = get_media.sync_detailed("m1", client=make_client(Recorder(json={"id": "m1"})))
    assert response.request_id is None


def test_nothing_is_logged_unless_it_is_wanted(caplog: pytest.LogCaptureFixture) -> None:
    get_media.sync("m1", client=make_client(Recorder(json={"id": "m1"})))
    assert records(caplog) == []


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_handler_that_fails_costs_no_response(variant: str) -> None:
    """The response may be that of a paid call."""

    def fail(record: logging.LogRecord) -> bool:
        raise RuntimeError("a filter of the application's")

    logger = logging.getLogger(LOGGER)
    logger.addFilter(fail)
    logger.setLevel(logging.DEBUG)
    try:
        client = make_client(Recorder(json={"id": "m1", "processing_status": "queued"}))
        result = call(create_media, variant, client=client, body=BODY)
        assert (result.parsed if variant in DETAILED else result).id == "m1"
        with Emulator(transition=AT_ONCE) as emulator:
            transport = CompatTransport(base_url=emulator.base_url, on_warning=lambda notice: None)
            with httpx.Client(transport=transport, headers={"X-Api-Key": KEY}) as v1_client:
                v1_client.post("http://api.vimmerse.net/story/idea-2-video", data={"idea": "x"}).raise_for_status()
    finally:
        logger.removeFilter(fail)
        logger.setLevel(logging.NOTSET)


# --- What it never says --------------------------------------------------------------------------


def test_no_body_no_header_and_no_id_is_in_a_line_of_level_info(info: pytest.LogCaptureFixture) -> None:
    recorder = answering(headers={"X-Secret": "h1"}, id="b1", processing_status="")
    get_media.sync("i1", client=make_client(recorder), extra_headers={"X-Mine": "h2"})
    create_media.sync(client=make_client(recorder), body=BODY)
    for record in records(info):
        assert not [word for word in ("i1", "b1", "h1", "h2", "paper boat", KEY) if word in record.getMessage()]


def test_debug_has_headers_and_bodies_without_secrets(debug: pytest.LogCaptureFixture) -> None:
    url = "https://cdn.example/clip.mp4?signature=s1&expires=1"
    recorder = answering(
        headers={"Set-Cookie": "session=c1", "X-Kind": "k1"},
        id="m1",
        processing_status="",
        result=[url, url.replace("https:", ""), url.replace("https", "s3")],
    )
    body = CreateMediaRequest(prompt="A paper boat", webhook_url="https://user:pass@hook.example/path?token=t1")
    create_media.sync(client=make_client(recorder), body=body, extra_headers={"X-Auth": "a1", "X-Session-Id": "n1"})
    sent, received = [record.getMessage() for record in records(debug, logging.DEBUG)]
    assert "A paper boat" in sent
    assert "https://hook.example/path" in sent
    assert "https://cdn.example/clip.mp4" in received
    assert "k1" in received
    for secret in (KEY, "s1", "c1", "t1", "a1", "n1", "pass@", "user:"):
        assert secret not in sent + received


def test_debug_shows_no_query_of_an_address_in_a_form(debug: pytest.LogCaptureFixture) -> None:
    address = "https://user:secret@files.example/a%20b.png?X-Amz-Signature=secret&Expires=1#fragment"
    body = urlencode({"image_urls": address, "style": "noir"})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    request = httpx.Request("POST", "https://api.example/v2/media", content=body, headers=headers)
    logs.log_attempt(request, httpx.Response(204, request=request), path="/v2/media", duration=0.1)
    sent = records(debug, logging.DEBUG)[0].getMessage()
    assert "https%3A%2F%2Ffiles.example%2Fa%2520b.png&style=noir" in sent
    assert "secret" not in sent


def test_debug_reads_no_file_and_quotes_no_long_body(debug: pytest.LogCaptureFixture) -> None:
    client = make_client(Recorder(json={"id": "m1", "results": ["x" * 50_000]}))
    upload_image.sync(client=client, body=UploadImageRequest(image_file=File(BytesIO(b"png-bytes"), "a.png")))
    sent, received = [record.getMessage() for record in records(debug, logging.DEBUG)]
    assert "png-bytes" not in sent
    assert len(received) < 3000
    assert "bytes)" in received


def test_debug_of_an_upload_and_of_a_broken_connection(emulator: Emulator, debug: pytest.LogCaptureFixture) -> None:
    form = UploadImageRequest(image_file=File(BytesIO(b"png-bytes"), "a.png"))
    emulator.faults.add(kind="reset", after=1)
    with AuthenticatedClient(base_url=emulator.base_url, token=KEY) as client:
        upload_image.sync_detailed(client=client, body=form)
        with pytest.raises(httpx.TransportError):
            get_media.sync("m1", client=client)
        policy = Policy(base_url="http://127.0.0.1:9", on_warning=lambda notice: None)
        with httpx.Client(transport=CompatTransport(policy=policy)) as v1_client, pytest.raises(httpx.ConnectError):
            v1_client.get("http://api.vimmerse.net/media/m1")
    sent, _, get, v1_get = [record.getMessage() for record in records(debug, logging.DEBUG)]
    assert sent.endswith("(a stream)")
    assert get.endswith("(no body)")
    assert v1_get.endswith("(no body)")


@pytest.mark.parametrize("key", [KEY, """vm_live "quoted" 'both' back\\slash/50%&+?=#"""], ids=["plain", "special"])
@pytest.mark.parametrize("padding", [0, 1980, 1990, 7990], ids=str)
@pytest.mark.parametrize("variant", VARIANTS)
def test_the_key_is_in_no_record_wherever_a_server_puts_it(variant: str, padding: int, key: str) -> None:
    """In its JSON, its headers, its request id, an address; as it is or escaped; also where the text is cut."""
    text = json.dumps({"id": key, "error": "x" * padding + key, "u": f"https://h.example/{key}?k={key}"})
    request_id = "r" * 190 + key
    recorder = Recorder(401, content=text.encode(), headers={"X-Request-Id": request_id, "X-Echo": key, key[:7]: "1"})
    with everything_said() as said:
        client = make_client(recorder, token=key)
        arguments: dict[str, Any] = {"body": CreateMediaRequest(prompt=key), "extra_body": {key: [key]}}
        try:
            result = call(create_media, variant, client=client, **arguments)
        except errors.AuthenticationError as error:
            said += [str(error), repr(error), str(error.request_id), str(error.job_id)]
        else:
            said += [str(result.request_id)]
    assert [record for record in said if record.startswith(LOGGER)]
    for line in said:
        assert key not in line
        assert json.dumps(key)[1:-1] not in line
        assert key[:12] not in line


# --- The compat layer ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(transition=AT_ONCE) as running:
        yield running


def test_a_v1_call_logs_the_v2_requests_that_it_became(emulator: Emulator, info: pytest.LogCaptureFixture) -> None:
    policy = Policy(base_url=emulator.base_url, on_warning=lambda notice: None)
    with httpx.Client(transport=CompatTransport(policy=policy), headers={"X-Api-Key": CANARY}) as client:
        story = client.post("http://api.vimmerse.net/story/idea-2-video", data={"idea": "Rain"}).json()["data"]
        client.get(f"http://api.vimmerse.net/story/{story['id']}")
        client.get("http://api.vimmerse.net/v2/story/none")
    with requests.Session() as session:
        session.mount("http://", CompatAdapter(policy=policy))
        session.get(f"http://api.vimmerse.net/story/{story['id']}", headers={"X-Api-Key": CANARY})
    lines = [re.sub(r"\d+\.\d+", "N", record.getMessage()) for record in records(info)]
    get = "GET /v2/story/{story_id} 200 in N s, for v1's GET /story/{story_id}"
    post = "POST /v2/story/idea-2-video 200 in N s, for v1's POST /story/idea-2-video"
    assert lines == [post, get, "GET /v2/story/none 404 in N s", get]
    assert vars(records(info)[0])["v1_call"] == "POST /story/idea-2-video"


def test_a_v1_call_that_gets_no_response_is_logged_too(info: pytest.LogCaptureFixture) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("reset")

    policy = Policy(on_warning=lambda notice: None)
    transport = CompatTransport(httpx.MockTransport(handler), policy)
    with httpx.Client(transport=transport) as client, pytest.raises(httpx.ReadError):
        client.post("http://api.vimmerse.net/story/idea-2-video", data={"idea": "Rain"})
    (record,) = records(info)
    assert record.getMessage().startswith("POST /v2/story/idea-2-video ReadError in ")


def test_debug_has_the_bodies_of_a_v1_calls_requests(emulator: Emulator, debug: pytest.LogCaptureFixture) -> None:
    policy = Policy(base_url=emulator.base_url, on_warning=lambda notice: None)
    with httpx.Client(transport=CompatTransport(policy=policy), headers={"X-Api-Key": CANARY}) as client:
        client.post("http://api.vimmerse.net/story/idea-2-video", data={"idea": f"Rain {CANARY}"})
        url = f"http://api.vimmerse.net/media/{create_done_media(emulator)}/download"
        client.get(url)
    texts = [record.getMessage() for record in records(debug, logging.DEBUG)]
    assert '{"idea":"Rain [key]"' in texts[0]
    assert '"id"' in texts[1]
    assert any("(result file)" in text and text.endswith("(a stream)") for text in texts)
    assert CANARY not in "".join(texts)


def create_done_media(emulator: Emulator) -> str:
    with AuthenticatedClient(base_url=emulator.base_url, token=CANARY) as client:
        return str(create_media.sync(client=client, body=BODY).id)


# --- VIMMERSE_LOG --------------------------------------------------------------------------------

PROGRAM = """
import httpx
from vimmerse.compat import CompatTransport
from vimmerse.v2 import AuthenticatedClient
from vimmerse.v2.api.media import get_media
with AuthenticatedClient(token="{key}") as client, AuthenticatedClient(token="{key}") as second:
    get_media.sync_detailed("m1", client=client)
    get_media.sync_detailed("m1", client=second)
"""
V1_PROGRAM = """
import httpx
from vimmerse.compat import CompatTransport
with httpx.Client(transport=CompatTransport(), headers={{"X-Api-Key": "{key}"}}) as client:
    client.get("http://api.vimmerse.net/media/m1")
    client.get("http://api.vimmerse.net/media/m1")
"""


def standard_error_of(emulator: Emulator, program: str, value: str) -> str:
    environment = {**os.environ, "VIMMERSE_BASE_URL": emulator.base_url, "VIMMERSE_LOG": value}
    code = program.format(key=CANARY)
    command = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == ""
    assert CANARY not in done.stderr
    return done.stderr


@pytest.mark.parametrize(("program", "value"), [(PROGRAM, "info"), (V1_PROGRAM, " Debug ")], ids=["v2", "v1"])
def test_the_variable_shows_the_log_of_a_program(emulator: Emulator, program: str, value: str) -> None:
    text = standard_error_of(emulator, program, value)
    assert text.count("GET /v2/media/{media_id} 404 in ") == 2
    assert all(" vimmerse.http: " in line for line in text.splitlines())
    assert ("received" in text) is (value == " Debug ")


def test_a_bad_value_gives_one_warning(emulator: Emulator) -> None:
    assert standard_error_of(emulator, PROGRAM, CANARY) == "VIMMERSE_LOG must be info or debug; it is ignored\n"


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str | None], None]]:
    """The configuration of a process that has just started and has no handlers, with this VIMMERSE_LOG."""
    spec = importlib.util.spec_from_file_location("fresh_logs", logs.__file__)
    assert spec is not None
    assert spec.loader is not None
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    root = logging.getLogger()
    loggers = [root, logging.getLogger("vimmerse"), logging.getLogger(LOGGER)]
    before = [(list(logger.handlers), logger.level) for logger in loggers]

    def set_and_configure(value: str | None) -> None:
        for handler in list(root.handlers):
            if type(handler).__module__.startswith("_pytest"):
                root.removeHandler(handler)
        if value is None:
            monkeypatch.delenv("VIMMERSE_LOG", raising=False)
        else:
            monkeypatch.setenv("VIMMERSE_LOG", value)
        fresh.configure_from_environment()

    yield set_and_configure
    for logger, (handlers, level) in zip(loggers, before, strict=True):
        logger.handlers = handlers
        logger.setLevel(level)


Configure = Callable[[str | None], None]
Capture = pytest.CaptureFixture[str]


def say(text: str) -> None:
    logging.getLogger(LOGGER).info(text)


def test_the_warning_of_a_bad_value_ends_no_program(configure: Configure) -> None:
    """The application's handler may fail, and may create a client itself."""

    def fail(record: logging.LogRecord) -> bool:
        configure("information")
        raise RuntimeError("a filter of the application's")

    package = logging.getLogger("vimmerse")
    package.addFilter(fail)
    try:
        configure("information")
    finally:
        package.removeFilter(fail)


def test_the_first_client_decides(configure: Configure, capsys: Capture) -> None:
    configure("info")
    configure("debug")
    say("once")
    assert capsys.readouterr().err.count("once") == 1
    assert logging.getLogger("vimmerse").level == logging.INFO


@pytest.mark.parametrize("value", [None, "", " "])
def test_without_a_value_nothing_is_configured(configure: Configure, capsys: Capture, value: str | None) -> None:
    configure(value)
    say("quiet")
    assert capsys.readouterr().err == ""
    assert logging.getLogger("vimmerse").handlers == []


@pytest.mark.parametrize("name", ["vimmerse", LOGGER])
@pytest.mark.parametrize("own", ["level", "handler"])
def test_loggers_that_the_application_has_configured_stay_as_they_are(
    configure: Configure, capsys: Capture, name: str, own: str
) -> None:
    logger = logging.getLogger(name)
    if own == "level":
        logger.setLevel(logging.ERROR)
    else:
        logger.addHandler(logging.NullHandler())
    before = logger.level, list(logger.handlers)
    configure("debug")
    say("unwanted")
    assert (logger.level, logger.handlers) == before
    assert "unwanted" not in capsys.readouterr().err


@pytest.mark.parametrize("first", ["the application", "the client"])
def test_handlers_of_the_application_get_each_record_once(configure: Configure, capsys: Capture, first: str) -> None:
    stream = StringIO()
    if first == "the client":
        configure("info")
    logging.getLogger().addHandler(logging.StreamHandler(stream))
    configure("info")
    say("here")
    assert (stream.getvalue().count("here"), capsys.readouterr().err) == (1, "")


def test_a_program_may_have_no_standard_error_or_a_broken_one(
    configure: Configure, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    configure("info")
    broken = StringIO()
    broken.close()
    monkeypatch.setattr(logging, "raiseExceptions", False)
    for stream in (None, broken):
        monkeypatch.setattr(sys, "stderr", stream)
        say("lost")
    monkeypatch.undo()
    assert "lost" not in capsys.readouterr().out


def test_clients_of_many_threads_add_one_handler(configure: Configure) -> None:
    barrier = threading.Barrier(8)

    def start() -> None:
        barrier.wait()
        configure("info")

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(logging.getLogger("vimmerse").handlers) == 1
