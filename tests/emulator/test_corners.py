"""Corners that no ordinary client gets into: each is reached by hand."""

from __future__ import annotations

import asyncio
import json
import runpy
import sys
import threading
from concurrent.futures import Future
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
import vimmerse.emulator
from vimmerse.compat.rules.params import parse_params
from vimmerse.emulator import AfterSeconds, Emulator, Settings, bodies, cli, presets, serve, server
from vimmerse.emulator.app import Front, _Endpoint, api
from vimmerse.emulator.bodies import Body
from vimmerse.emulator.calls import Answer, Call, truth
from vimmerse.emulator.faults import Catcher, Faults, play_alone, play_on
from vimmerse.emulator.models import JsonObject, Media
from vimmerse.emulator.spec import Schema, Spec, load
from vimmerse.emulator.store import Store
from vimmerse.emulator.texts import json_list, json_object
from vimmerse.emulator.validation import Invalid, check, coerce, loosen

Message = dict[str, Any]


class Wire:
    """A connection as ASGI and the faults see it; what is sent is kept."""

    def __init__(self, *received: str, closing: bool = False) -> None:
        self.received = list(received)
        self.sent: list[Any] = []
        self.closing = closing
        self.aborted = False

    async def receive(self) -> Message:
        return {"type": self.received.pop(0)}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    def abort(self) -> None:
        self.aborted = True

    def is_closing(self) -> bool:
        return self.closing

    def get_extra_info(self, name: str) -> object:
        """As of a connection that is no socket."""

    @property
    def transport(self) -> asyncio.Transport:
        return cast(asyncio.Transport, self)


# Names and commands


def test_what_is_missing_beside_the_extra_is_not_blamed_on_the_extra(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "vimmerse.emulator.cli", None)
    with pytest.raises(ModuleNotFoundError) as raised:
        vimmerse.emulator.__getattr__("serve")
    assert raised.value.name == "vimmerse.emulator.cli"


def test_importing_the_command_does_not_run_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "argv", ["emulator", "--no-such-option"])
    names = runpy.run_module("vimmerse.emulator.__main__", run_name="elsewhere")
    assert names["__name__"] == "elsewhere"
    assert "serve" not in names


def test_the_command_waits_until_it_is_told_to_stop(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    answers = [False, False, True]

    class Ended(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            return answers.pop(0)

    monkeypatch.setattr(cli, "threading", SimpleNamespace(Event=Ended))
    monkeypatch.setattr(cli, "_SIGNALS", ())
    assert cli.serve([]) == 0
    assert answers == []
    assert capsys.readouterr().out.startswith("Vimmerse emulator: http://127.0.0.1:")


# Requests


def endpoint(
    version: Any, *, bodies: dict[str, Schema] | None = None, name: tuple[str, str] | None = None
) -> _Endpoint:
    operation = load(version).operations[name or ("POST", "/v2/media" if version == "v2" else "/media")]
    if bodies is not None:
        operation = replace(operation, bodies=bodies, body_required=False)
    return _Endpoint(Store(Settings()), operation, lambda call: Answer())


def test_a_body_that_no_schema_describes_is_refused():
    made = endpoint("v1", bodies={"text/plain": Schema({})})
    assert made._checked(Body()) == {}
    with pytest.raises(Invalid):
        made._checked(Body(kind="json", json={"a": ["b"]}, size=9))


def test_files_come_after_the_text_of_the_same_field():
    """v1 names its uploads in a list: a text there and two files are three entries, and the second breaks the limit."""
    schema = Schema({"properties": {"images": {"type": "array", "maxItems": 2}}})
    files = tuple(bodies.Upload("images", name, "image/png", 1, "", None) for name in ("a.png", "b.png"))
    made = endpoint("v1", bodies={"multipart/form-data": schema})
    with pytest.raises(Invalid) as refused:
        made._form(Body(kind="multipart", fields=(("images", "x"),), uploads=files), schema)
    assert refused.value.errors[0]["input"] == ["x", "a.png", "b.png"]
    assert made._form(Body(kind="multipart", uploads=files), schema) == {}


def test_what_is_no_http_is_left_alone():
    store, wire = Store(Settings()), Wire()
    noted: list[object] = []
    front = Front(api(store), store, Faults(), noted.append)
    asyncio.run(front({"type": "lifespan"}, wire.receive, wire.send))
    assert (noted, wire.sent) == ([], [])


def test_other_headers_of_a_part_say_nothing(emulator: Emulator, client: httpx.Client):
    disposition = b'Content-Disposition: form-data; name="prompt"'
    content = b"--b\r\nContent-Transfer-Encoding: binary\r\n" + disposition + b"\r\n\r\nRain\r\n--b--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    assert client.post("/media", content=content, headers=kind).is_success
    assert emulator.requests[0].content.fields == (("prompt", "Rain"),)


def test_a_text_of_a_form_that_is_too_long(client: httpx.Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bodies, "MAX_TEXT", 10)
    file = {"image": ("a.png", b"x" * 20, "image/png")}
    assert client.post("/media/upload", data={"prompt": "Rain, then"}, files=file).status_code == 200
    assert client.post("/media/upload", data={"prompt": "Rain, then."}, files=file).status_code == 413


def test_a_range_that_makes_no_sense_is_ignored(emulator: Emulator, client: httpx.Client):
    made = client.post("/v2/media", json={"prompt": "Rain"}).json()["id"]
    emulator.finish(made)
    url = client.get(f"/v2/media/{made}").json()["result"][0]
    answer = httpx.get(url, headers={"Range": "bytes=0-1,4-5"})
    found = emulator.file(url)
    assert found is not None
    assert (answer.status_code, len(answer.content)) == (200, found.size)
    assert "Content-Range" not in answer.headers


# Values


@pytest.mark.parametrize(
    ("value", "default", "expected"),
    [(1.0, False, True), (0, True, False), ("perhaps", True, True), ("", False, False)],
)
def test_truth(value: object, default: bool, expected: bool):
    assert truth(value, default) is expected


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("1e999", "number", "1e999"),
        ("nan", "integer", "nan"),
        ('{"a": 1}', "object", {"a": 1}),
        ("[1", "array", "[1"),
        ("a", "object", "a"),
    ],
)
def test_text_becomes_what_it_can_be(text: str, kind: str, expected: object):
    assert coerce(text, {"type": kind}) == expected


def test_what_a_form_writes_for_json():
    schema = Schema({"properties": {name: {"type": "string"} for name in "abcd"}})
    values: JsonObject = {"a": True, "b": False, "c": 1.5, "d": {"e": []}}
    assert loosen(values, schema) == {"a": "Yes", "b": "No", "c": "1.5", "d": '{"e": []}'}


def test_each_missing_field_is_named_once():
    with pytest.raises(Invalid) as refused:
        check({}, Schema({"type": "object", "required": ["a", "b"]}), ("body",))
    assert [one["loc"] for one in refused.value.errors] == [["body", "a"], ["body", "b"]]


def test_a_closed_list_and_one_that_may_be_null():
    document: JsonObject = {
        "components": {
            "schemas": {
                "Open": {"anyOf": [{"$ref": "#/components/schemas/Size"}, {"type": "null"}]},
                "Size": {"type": "string", "enum": ["S", "M"]},
            }
        }
    }
    spec = Spec("v2", document)
    assert spec.component("Open").definition == {"type": ["string", "null"], "enum": ["S", "M", None]}
    check(None, spec.component("Open"), ("body",))
    with pytest.raises(Invalid) as refused:
        check("L", spec.component("Open"), ("body", "size"))
    assert refused.value.errors[0]["msg"] == "Input should be 'S' or 'M'"
    assert refused.value.errors[0]["ctx"] == {"expected": "'S' or 'M'"}


def test_blank_json_text_is_none_at_all():
    call = Call("v1", "POST /story", Store(Settings()), {}, {}, {"elements": " ", "scenes": "\n"})
    assert json_object(call, "elements", "Elements") == {}
    assert json_list(call, "scenes", "Scene") == []


# The specs


def test_a_place_in_a_schema():
    schema = Schema({"anyOf": [{"type": "string"}, {"minimum": 1}]})
    assert schema.at(["anyOf", 1, "minimum"]) == 1
    assert schema.at(["anyOf", 2]) is None
    assert schema.at(["anyOf", 0, "type", "deeper"]) is None


def test_a_query_parameter_that_is_required():
    query = {"name": "page", "in": "query", "required": True, "schema": {"type": "integer"}}
    spec = Spec("v2", {"paths": {"/things": {"get": {"parameters": [query]}}}})
    assert spec.operations["GET", "/things"].query_required == {"page"}


def test_a_reference_to_itself_is_refused():
    spec = Spec("v2", {"components": {"schemas": {"A": {"$ref": "#/components/schemas/A"}}}})
    with pytest.raises(ValueError, match=r"#/components/schemas/A in openapi\.json refers to itself"):
        spec.component("A")


# Stories


def test_more_scenes_than_the_emulator_makes():
    with (
        Emulator(max_scenes=3) as emulator,
        httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": "k"}) as client,
    ):
        answers = [client.post("/story", data={"idea": "Cats", "scene_count": count}) for count in ("3", "4")]
    assert [answer.status_code for answer in answers] == [200, 422]
    found = answers[1].json()["detail"][0]
    assert (found["loc"], found["ctx"]) == (["body", "scene_count"], {"le": 3})


def test_a_story_of_v2_is_announced_in_its_own_words(emulator: Emulator, client: httpx.Client):
    made = client.post("/v2/story/idea-2-video", json={"idea": "Cats", "webhook_url": "nowhere"}).json()["id"]
    emulator.finish(made, "failed")
    payload = emulator.wait_for_webhooks()[0].payload
    assert (payload["batch_id"], payload["status"]) == (made, "failed")


def test_elements_without_music(client: httpx.Client):
    made = client.post("/story", data={"idea": "Cats"}).json()["data"]["id"]
    boards = []
    for music in ("false", "true"):
        story = client.post(f"/story/{made}/elements", data={"background_music": music}).json()["data"]
        boards.append(json.dumps(story["storyboard"]))
    assert ".mp3" not in boards[0]
    assert ".mp3" in boards[1]


# Faults


def test_a_reset_of_what_is_no_socket():
    wire = Wire("http.request", "http.disconnect")
    fault = Faults().add(kind="reset")
    asyncio.run(play_alone(fault, wire.transport, wire.receive, wire.send, path="/", elsewhere=""))
    assert wire.aborted
    assert (wire.received, wire.sent) == ([], [])


def test_a_length_of_ones_own_is_kept():
    wire = Wire()
    fault = Faults().add(kind="status", headers=[("Content-Length", "99")], body="x")
    asyncio.run(play_alone(fault, wire.transport, wire.receive, wire.send, path="/", elsewhere=""))
    assert [pair for pair in wire.sent[0]["headers"] if pair[0] == b"content-length"] == [(b"content-length", b"99")]


def test_a_catcher_takes_only_answers():
    catcher = Catcher()
    for message in ({"type": "http.response.debug"}, {"type": "http.response.body", "body": b"x"}):
        asyncio.run(catcher(message))
    assert (catcher.status, catcher.headers, bytes(catcher.body)) == (500, [], b"x")


def test_a_slow_answer_ends_when_the_caller_has_gone():
    wire, catcher = Wire(closing=True), Catcher()
    catcher.body += b"never sent"
    asyncio.run(play_on(Faults().add(kind="slow"), catcher, wire.transport, wire.receive, wire.send))
    assert [message["type"] for message in wire.sent] == ["http.response.start"]


# Starting and stopping


def test_a_failure_after_the_start_is_raised_where_it_happens():
    with server.listen(0) as taken:
        taken.listen()
        emulator = Emulator(port=taken.getsockname()[1])
        started: Future[None] = Future()
        started.set_result(None)
        with pytest.raises(OSError, match="is not free"):
            emulator._run(started)


def test_stopping_does_not_wait_for_a_webhook():
    with server.listen(0) as receiver:
        receiver.listen()
        emulator = Emulator().start()
        try:
            with httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": "k"}) as client:
                url = f"http://127.0.0.1:{receiver.getsockname()[1]}/hook"
                made = client.post("/v2/media", json={"prompt": "Rain", "webhook_url": url}).json()["id"]
            emulator.finish(made)
            connection, _ = receiver.accept()
            connection.settimeout(10)
            stream = connection.makefile("rb")
            first = stream.readline()
        finally:
            emulator.stop()
        with connection, stream:
            rest = stream.read()  # until it ends: the call has been given up
    assert first.startswith(b"POST /hook ")
    assert made.encode() in rest
    assert emulator.webhooks == ()


def test_a_stopped_emulator_sets_no_timer():
    now = [0.0]
    emulator = Emulator(transition=AfterSeconds(10), clock=lambda: now[0])
    store = emulator._store
    job = store.new_job()
    media = Media(store.new_id(), "v2", store.stamp(), store.stamp(), job)
    store.begin(media, job)
    assert not job.settled
    now[0] = 10.0
    emulator.tick()
    assert job.settled


@pytest.mark.parametrize("name", ["port", "files_port"])
@pytest.mark.parametrize("port", [-1, 65536, 99999])
def test_a_port_that_is_none(name: str, port: int, capsys: pytest.CaptureFixture[str]) -> None:
    options: Any = {name: port}
    with pytest.raises(ValueError, match=f"{name} must be a port"):
        Emulator(**options)
    with pytest.raises(SystemExit, match="2"):
        serve([f"--{name.replace('_', '-')}", str(port)])
    assert f"{name} must be a port" in capsys.readouterr().err


def test_a_repeated_parameter_counts_where_it_stands_last(client: httpx.Client) -> None:
    """Else a prompt that speaks of one would change what is paid for; the compat layer reads them in the same way."""
    text = "Prompt=say |Quantity=4 twice|MotionLength=10 s|Quantity=1|MotionLength=5|Loop=1"
    made = client.post("/media/prompt", json={"pose_preset": {"MotionType": "Auto", "Params": text}}).json()["data"]
    assert presets.parse(text) == parse_params(text)
    assert presets.parse(text)["Prompt"] == "say |Quantity=4 twice|MotionLength=10 s"
    assert made["pose_preset"]["Params"] == text
