"""What is fuzzed: functions of bytes that must not raise: each calls a parser of ours and checks its result.

The same functions run under Hypothesis (``test_targets.py``), under atheris (``scripts/fuzz``), and on everything that
either ever found (``findings/``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, unquote

import httpx
from vimmerse._http.retries import retry_after
from vimmerse.compat.core.errors import TranslationError
from vimmerse.compat.core.fields import Fields, UnreadableBody, parse_content_type, parse_json
from vimmerse.compat.core.forms import parse_body
from vimmerse.compat.core.messages import UploadPart, V1Request, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows import responses
from vimmerse.compat.flows.media import member_ids
from vimmerse.compat.flows.result_files import select_result_url
from vimmerse.compat.flows.routing import OPERATIONS, find_v1_call
from vimmerse.compat.gateway.access_log import job_ids
from vimmerse.compat.gateway.request import request_target
from vimmerse.compat.gateway.responses import RequestRejected, end_to_end_headers, notice_headers
from vimmerse.compat.rules.params import format_params, parse_params
from vimmerse.compat.runtime.logs import path_template
from vimmerse.jobs import WebhookError, parse_webhook
from vimmerse.pricing import estimate_call
from vimmerse.v2.errors import UNREADABLE, from_response
from vimmerse.v2.models import Media, Story

from tests.cases.flow import start_flow
from tests.core.play import Pieces

Target = Callable[[bytes], object]
HOST = "https://api.vimmerse.net"
POLICIES = (
    Policy(base_url=HOST, api_key="the-configured-key"),
    Policy(base_url=HOST, mode="strict"),
    Policy(base_url=HOST, max_credits=100, video_tools={"Parallax": "Auto"}),
)
NAMES = tuple(OPERATIONS)
TYPES = ("application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=b", "", "text/plain")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Source:
    """Takes bytes apart: small numbers from the front, and what is left."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def below(self, limit: int) -> int:
        first, self._data = self._data[:1], self._data[1:]
        return (first[0] if first else 0) % limit

    def line(self) -> str:
        """Text up to the next line break."""
        text, _, self._data = self._data.partition(b"\n")
        return text.decode("utf-8", "replace")

    def rest(self) -> bytes:
        return self._data

    def json(self) -> Any:
        """What is left as JSON, or None."""
        try:
            return json.loads(self._data)
        except (ValueError, RecursionError):
            return None


def check(holds: bool) -> None:
    """``assert``, also where a linter would rather see ``pytest.raises``."""
    assert holds


def plain(value: Any) -> Any:
    """A field's value with its bytes read."""
    if isinstance(value, UploadPart):
        content = value.content if isinstance(value.content, bytes) else b"".join(value.content.chunks())
        return value.filename, value.content_type, content
    return value


def forms(data: bytes) -> None:
    """A body of any kind: fields, or a reason why not; and the same in pieces of any size."""
    source = Source(data)
    # Headers are decoded as Latin-1 at every entry point.
    kind = source.line().encode().decode("latin-1") if source.below(2) else TYPES[source.below(len(TYPES))]
    size = source.below(40) + 1
    body = source.rest()
    headers = (("Content-Type", kind),)

    def fields(given: Any) -> Any:
        try:
            result = parse_body(headers, given)
        except UnreadableBody:
            return None  # the position in the piece shows why
        assert isinstance(result, Fields)
        return {name: [plain(each) for each in result.getlist(name)] for name in result}

    complete, in_pieces = fields(body), fields(Pieces(body, size))
    # Garbage before the first boundary is seen differently by python-multipart from one piece to the next.
    if not kind.startswith("multipart/") or body.lstrip(b"\r\n").startswith(b"--"):
        assert complete == in_pieces
    parse_content_type(headers)


def json_text(data: bytes) -> None:
    """JSON in a field: a value that can be written again, or a reason why not."""
    try:
        value = parse_json(data.decode("utf-8", "replace"))
    except UnreadableBody:
        return
    json.dumps(value, allow_nan=False)


def params(data: bytes) -> None:
    """``Params`` texts: known keys only, and what is written is read again."""
    text = data.decode("utf-8", "replace")
    parsed = parse_params(text)
    for key, value in parsed.items():
        assert f"{key}={value}" in text
    fields = {"prompt": text, "quantity": len(text)}
    assert parse_params(format_params(fields))["Quantity"] == str(len(text))


def addresses(data: bytes) -> None:
    """Any method and URL is a v1 call or not; an id is kept in v2's path."""
    source = Source(data)
    method = ("GET", "POST", "PUT", "DELETE", "get", "")[source.below(6)]
    text = source.rest().decode("utf-8", "replace")
    call = (
        find_v1_call(method, HOST + text, POLICIES[0]) if source.below(2) else find_v1_call(method, text, POLICIES[0])
    )
    if call is None or not call.id:
        return
    assert call.id not in (".", "..")
    assert not set(call.id) & {"/", "\\"}
    assert _CONTROL.search(call.v2_path()) is None
    if "{" in call.operation.v2_path:
        segment = call.v2_path().split("/")[3]
        assert unquote(segment) == call.id.encode("utf-8", "replace").decode("utf-8", "replace")
    assert "+".join(member_ids(call.id)) == "+".join(part for part in call.id.split("+") if part) or call.id


def calls(data: bytes) -> None:
    """A call with a hostile body and a hostile server ends with a response or an error of this library."""
    source = Source(data)
    policy = POLICIES[source.below(len(POLICIES))]
    method, _, path = NAMES[source.below(len(NAMES))].partition(" ")
    id = quote(source.line() or "m-1", safe="")
    before, brace, after = path.partition("{")
    path = before + id + after.partition("}")[2] if brace else path
    kind = TYPES[source.below(3)]
    status = (200, 200, 404, 405, 422, 500, 302, 204)[source.below(8)]
    content = source.line().encode()
    request = V1Request(method, HOST + path, (("Content-Type", kind), ("X-Api-Key", "k" * 12)), source.rest())
    if find_v1_call(method, request.url, policy) is None:
        return
    try:
        flow = start_flow(request, policy)
        v2_request = next(flow)
        for _ in range(64):
            assert v2_request.kind == "file" or v2_request.url.startswith(HOST + "/")
            response = V2Response(
                status, (("Content-Type", "application/json"),), content, content if v2_request.stream else None
            )
            v2_request = flow.send(response)
        raise AssertionError("the flow does not end")
    except StopIteration as end:
        v1_response = end.value
    except TranslationError as error:
        json.dumps(error.payload(), allow_nan=False)
        return
    except (ValueError, RecursionError) as error:
        raise AssertionError(f"{method} {path}") from error
    check(200 <= v1_response.status < 600)
    for name, value in v1_response.headers:
        check(_CONTROL.search(name + value) is None)


def answers_of_v2(data: bytes) -> None:
    """Any JSON as a story, a media, an error: converted to v1's format without losing a field."""
    source = Source(data)
    status = 400 + source.below(200)
    snapshot = source.json()
    responses.error(status, source.rest(), "text/html", {"prompt": "prompt", "video_tool": "motion_type"})
    if not isinstance(snapshot, dict):
        return
    for shown in (responses.story(snapshot), responses.media(snapshot), responses.media_status(snapshot)):
        assert snapshot.keys() <= shown.keys()
        json.dumps(shown)
    responses.merge_media([snapshot, snapshot], "a+b")
    responses.merge_status([snapshot, snapshot])
    select_result_url([snapshot, snapshot], str(snapshot.get("title")))
    estimate_call("POST /v2/media", snapshot)
    estimate_call("POST /v2/story/idea-2-video", snapshot)


def models(data: bytes) -> None:
    """Any JSON as a model of v2: a model that gives it back, or one of the documented reasons why not."""
    source = Source(data)
    model = (Story, Media)[source.below(2)]
    fields = source.json()
    status = (200, 404, 422, 500, 520)[source.below(5)]
    from_response(httpx.Response(status, content=data, request=httpx.Request("GET", HOST)))
    if not isinstance(fields, dict):
        return
    try:
        parsed = model.from_dict(fields)
    except UNREADABLE:
        return
    second = model.from_dict(parsed.to_dict())
    assert second.to_dict() == parsed.to_dict()


def webhooks(data: bytes) -> None:
    """Any body is an event or no webhook."""
    source = Source(data)
    headers = {"Content-Type": source.line()} if source.below(2) else {}
    try:
        event = parse_webhook(source.rest(), headers=headers)
    except WebhookError as error:
        check(error.status in (400, 413))
        return
    assert event.id
    assert event.kind in ("story", "media", "unknown")
    assert not (event.succeeded and event.failed)


def headers(data: bytes) -> None:
    """Dates, waits, ids and paths that come in headers and request lines."""
    source = Source(data)
    first, second = source.line(), source.line()
    seconds = retry_after({"retry-after": first, "date": second}, 1.7e9)
    assert seconds is None or 0 <= seconds < float("inf")
    for text in (first, second):
        shown = responses.v1_time(text)
        assert len(shown) == len(text)
    path_template("/" + first)
    ids = job_ids(source.rest(), (("Content-Encoding", second),))
    assert all(isinstance(each, str) for each in ids)
    pairs = [("connection", first), (first, second)]
    assert all(name != "connection" for name, _ in end_to_end_headers(pairs))
    scope = {"raw_path": source.rest(), "path": "/x", "query_string": second.encode()}
    try:
        created = request_target(scope, "/base")
    except RequestRejected as rejection:
        check(rejection.response.status == 400)
        return
    assert created.startswith(b"/")
    assert _CONTROL.search(created.decode("ascii")) is None


def notices(data: bytes) -> None:
    """A caller's own value in a warning: one line of printable ASCII in the gateway's header."""
    from vimmerse.compat.core.messages import Notice

    text = data.decode("utf-8", "replace")
    for _, line in notice_headers([Notice("lossy", "POST /media", "prompt", text, "", None, text)] * 20):
        assert line.isascii()
        assert line.isprintable()
        assert len(line) <= 400


TARGETS: Mapping[str, Target] = {
    target.__name__: target
    for target in (
        forms,
        json_text,
        params,
        addresses,
        calls,
        answers_of_v2,
        models,
        webhooks,
        headers,
        notices,
    )
}
