"""One recorded v1 exchange as the exchanges that the compat layer makes of it.

The call's own flow (:func:`vimmerse.compat.flows.dispatch.begin`) says which requests are sent. Each is answered from
the cassette: the call itself with the inverse of the recorded response (:mod:`vimmerse.compat.flows.inverse`), a lookup
with what the cassette has of that story or media, and an upload with an invented asset. The flow's own response is then
compared with the recorded one.
"""

from __future__ import annotations

import hashlib
import uuid
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from vimmerse.compat.core.errors import TranslationError
from vimmerse.compat.core.fields import UnreadableBody, parse_json
from vimmerse.compat.core.forms import read_all
from vimmerse.compat.core.messages import Headers, Multipart, V1Request, V1Response, V2Request, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows import inverse
from vimmerse.compat.flows.context import Flow, to_json
from vimmerse.compat.flows.dispatch import begin
from vimmerse.compat.flows.field_selection import V2_MEDIA
from vimmerse.compat.flows.headers import REDIRECTS, RESPONSE_BODY, first_value
from vimmerse.compat.flows.inverse import V2_STORY
from vimmerse.compat.flows.routing import V1Call, find_v1_call, locate
from vimmerse.compat.migrate.cassettes.differences import ERROR_TEXT, NOT_JSON, Difference, differences

Json = dict[str, Any]
#: The address of invented uploads. No host has such a name (RFC 2606).
UPLOADS = "https://cassette.invalid"
_JSON = Headers([("Content-Type", "application/json")])
_NOT_FOUND = V2Response(404, _JSON, to_json({"message": "Not found.", "code": "NOT_FOUND"}))


class Left(Exception):
    """The exchange can't be converted; the text says why."""


class Recorded(NamedTuple):
    """A recorded exchange. ``body``: of the response, without a content-encoding."""

    request: V1Request
    status: int
    headers: Headers
    body: bytes


class Step(NamedTuple):
    """A request of the compat layer, and the response to it. ``as_recorded``: it is the recorded one, unchanged."""

    request: V2Request
    response: V2Response
    as_recorded: bool


class Conversion(NamedTuple):
    """What becomes of a recorded exchange.

    Attributes:
        call: The v1 call, or None for another call to the API.
        steps: The exchanges that take its place.
        lost: What replays differently.
        kept: Fields of the v2 responses that v2 does not have.
    """

    call: V1Call | None
    steps: list[Step]
    lost: list[Difference]
    kept: list[str]


class Jobs:
    """The stories and medias of a cassette, by kind and id, in v2's format."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._states: dict[tuple[str, str], list[tuple[int, Json]]] = {}
        self._v1_data: dict[tuple[str, str], Json] = {}
        self._in_v1: set[tuple[str, str]] = set()

    def add(self, position: int, recorded: Recorded) -> None:
        """Note the story or media that a response shows. ``position``: of the exchange in its cassette."""
        with suppress(RecursionError):  # nested too deeply, so that it can't be converted either
            self._add(position, recorded)

    def _add(self, position: int, recorded: Recorded) -> None:
        target = locate(recorded.request.url, self._policy)
        if target is None or not 200 <= recorded.status < 300:
            return
        job = _parse(recorded.body)
        call = find_v1_call(recorded.request.method, recorded.request.url, self._policy)
        if call is not None:
            if call.operation.response_kind not in ("story", "media") or call.query:
                return
            data = _data_of(job)
            kind: str = call.operation.response_kind
            if data is None or not isinstance(data.get("id"), str):
                return
            job = inverse.story(data) if kind == "story" else inverse.media(data)
            self._v1_data[kind, data["id"]] = data
        else:
            steps = target.decoded.split("/")
            if steps[:2] != ["", "v2"] or len(steps) < 3 or steps[2] not in ("story", "media") or target.query:
                return
            kind = steps[2]
        id = job.get("id") if isinstance(job, dict) else None
        if isinstance(job, dict) and isinstance(id, str):
            self._states.setdefault((kind, id), []).append((position, job))

    def find(self, kind: str, id: str, position: int, *, finished: bool = False) -> Json | None:
        """Return a job as it was last before a position, or else first after it, or None.

        ``finished``: only a state with results.
        """
        states = [state for state in self._states.get((kind, id), ()) if state[1].get("result") or not finished]
        before = [job for at, job in states if at < position]
        return before[-1] if before else states[0][1] if states else None

    def find_in_v1(self, kind: str, id: str) -> Json:
        """Return a job as v1 showed it last, or its id alone."""
        return self._v1_data.get((kind, id), {"id": id})

    def add_to_v1(self, kind: str, id: str) -> None:
        """Note that a call forwarded to v1 created this job, so that v2 does not know it."""
        self._in_v1.add((kind, id))

    def is_in_v1(self, kind: str, id: str) -> bool:
        """Whether v2 does not know a job."""
        return (kind, id) in self._in_v1


def convert_exchange(recorded: Recorded, position: int, jobs: Jobs, policy: Policy) -> Conversion | None:
    """Return what becomes of an exchange, or None if it is not a call to the API. Raises :class:`Left`."""
    request = recorded.request
    call = find_v1_call(request.method, request.url, policy)
    if call is None:
        flow = begin(request, policy)
        return None if flow is None else Conversion(None, [_as_recorded(next(flow), recorded)], [], [])
    if recorded.status in REDIRECTS:
        location = first_value(recorded.headers, "location")
        following = find_v1_call(request.method, location, policy)
        if following is not None and following.path == call.path:  # from http to https, where v2 is called at once
            return Conversion(call, [], [], [])
        raise Left(f"v1 answered with a redirect ({recorded.status}), which the compat layer does not follow")
    exchange = _Exchange(recorded, call, position, jobs, policy)
    try:
        flow = begin(request, policy)
        assert flow is not None
        response = exchange.run(flow)
        lost = exchange.compare(response)
    except TranslationError as error:
        raise Left(str(error)) from None
    except RecursionError:
        raise Left("its JSON is nested too deeply") from None
    if unexplained := [each.field for each in lost if not each.why]:
        raise Left(f"no response of v2 is shown as the recorded one; these fields would differ: {_list(unexplained)}")
    id = exchange.created_id
    if id and exchange.steps[-1].request.kind == "v1":
        jobs.add_to_v1(exchange.kind, id)
    return Conversion(call, exchange.steps, lost, sorted(exchange.kept))


def _list(names: list[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more


def _as_recorded(request: V2Request, recorded: Recorded) -> Step:
    return Step(request, V2Response(recorded.status, recorded.headers, recorded.body), as_recorded=True)


def _parse(body: bytes) -> Any:
    """Return a JSON value, or None for anything else."""
    try:
        return parse_json(body.decode("utf-8-sig"))
    except (UnreadableBody, UnicodeDecodeError):
        return None


def _data_of(payload: Any) -> Json | None:
    """Return what a v1 response has in its wrapper, or its two wrappers."""
    data = payload.get("data") if isinstance(payload, dict) else None
    if not isinstance(data, dict):
        return None
    inner = data.get("data")
    return {**{name: data[name] for name in data if name != "data"}, **inner} if isinstance(inner, dict) else data


class _Exchange:
    """Answers the requests of one call."""

    def __init__(self, recorded: Recorded, call: V1Call, position: int, jobs: Jobs, policy: Policy) -> None:
        self.recorded, self.call, self.position = recorded, call, position
        self.jobs, self.policy = jobs, policy
        self.kind = "story" if call.operation.path.startswith("/story") else "media"
        self.steps: list[Step] = []
        self.kept: set[str] = set()
        self._payload = _parse(recorded.body)

    @property
    def created_id(self) -> str:
        """The id of the story or media that the call created, if it created one."""
        data = _data_of(self._payload)
        id = data.get("id") if data and not self.call.id and self.recorded.status < 300 else None
        return id if isinstance(id, str) else ""

    def run(self, flow: Flow) -> V1Response:
        """Run the call's flow to its end. Raises :class:`Left`."""
        try:
            request = next(flow)
            while True:
                step = self._answer(request)
                self.steps.append(step)
                request = flow.send(step.response)
        except StopIteration as done:
            response: V1Response = done.value
            return response
        finally:
            flow.close()

    def _answer(self, request: V2Request) -> Step:
        if request.kind == "file":
            return _as_recorded(request, self.recorded)
        path = request.url.removeprefix(self.policy.base_url).partition("?")[0]
        if request.kind == "v1":
            if request.method == self.recorded.request.method.upper() and path == self.call.path:
                return _as_recorded(request, self.recorded)
            return Step(request, self._look_up_in_v1(path), as_recorded=False)
        return Step(request, self._answer_v2(request, path), as_recorded=False)

    def _answer_v2(self, request: V2Request, path: str) -> V2Response:
        operation = self.call.operation
        if isinstance(request.body, Multipart):
            return _asset(request.body)
        id = self.call.id
        if id and self.jobs.is_in_v1(self.kind, id):
            return _NOT_FOUND
        is_call = (request.method, path) == (operation.v2_method, self.call.v2_path())
        if is_call and operation.response_kind != "bytes":
            return self._response_to_call(request)
        if request.method == "PUT" and not id:  # the free update of a new media
            return V2Response(200, _JSON, self.steps[-1].response.body)
        if request.method != "GET":
            raise Left(f"v2 needs another {request.method}, and the cassette has no response to it")
        job = self.jobs.find(self.kind, unquote(path.rpartition("/")[2]), self.position, finished=self._needs_result)
        if job is not None:
            return V2Response(200, _JSON, to_json(job))
        if self.recorded.status == 404:
            return self._error()
        raise Left(f"{request.method} {operation.v2_path.rpartition('/')[0]}/ID is sent first, and the cassette has no "
                   f"{self.kind} to answer it with")  # fmt: skip

    @property
    def _needs_result(self) -> bool:
        return self.call.operation.response_kind == "bytes" and self.recorded.status < 300

    def _look_up_in_v1(self, path: str) -> V2Response:
        id = unquote(path.rpartition("/")[2])
        if not self.jobs.is_in_v1(self.kind, id):
            return V2Response(404, _JSON, to_json({"message": "NOT_FOUND"}))
        return V2Response(200, _JSON, to_json({"data": self.jobs.find_in_v1(self.kind, id)}))

    def _response_to_call(self, request: V2Request) -> V2Response:
        recorded = self.recorded
        if not 200 <= recorded.status < 300:
            return self._error()
        headers = _still_valid(recorded.headers)
        if not recorded.body:
            return V2Response(recorded.status, headers, b"")
        data = _data_of(self._payload)
        if data is None:
            raise Left('the recorded response is not {"data": {...}}')
        kind = self.call.operation.response_kind
        if kind == "story":
            v2 = inverse.story(data)
        elif kind == "status":
            v2 = inverse.media_status(data)
        else:
            presets = data.get("pose_preset")
            if isinstance(presets, list) and len(presets) > 1:
                raise Left("v2 creates a media for each of its motions, and the cassette has the id of one only")
            v2 = inverse.media(data, listed=request.method == "POST" and isinstance(presets, list))
        self.kept = v2.keys() - (V2_STORY if kind == "story" else V2_MEDIA)
        return V2Response(recorded.status, Headers([*headers, *_JSON]), to_json(v2))

    def _error(self) -> V2Response:
        recorded = self.recorded
        if isinstance(self._payload, dict):
            headers = Headers([*_still_valid(recorded.headers), *_JSON])
            return V2Response(recorded.status, headers, to_json(inverse.error(self._payload)))
        return V2Response(recorded.status, recorded.headers, recorded.body)

    def compare(self, response: V1Response) -> list[Difference]:
        """Return what of the recorded response a replay shows differently. Raises :class:`Left`."""
        recorded = self.recorded
        if response.status != recorded.status:
            raise Left(f"the compat layer would answer with {response.status}, not {recorded.status}")
        if response.body == recorded.body:
            return []
        if not isinstance(self._payload, dict):
            if recorded.status < 400:
                raise Left("the recorded response is not JSON")
            return [Difference("body", NOT_JSON)]
        replayed = _parse(response.body)  # nothing after a status without a body
        found = differences(_unwrapped(self._payload), _unwrapped(replayed or {}))
        if recorded.status >= 400:
            return [Difference(field, why or ERROR_TEXT) for field, why in found]
        return found


def _unwrapped(payload: Json) -> Json:
    """Return a v1 response as one object: both of its wrappers are readable on every door."""
    data = _data_of(payload)
    return payload if data is None else data


def _still_valid(headers: Headers) -> Headers:
    """Return the headers of a response that has got another body."""
    return Headers([pair for pair in headers if pair[0].lower() not in RESPONSE_BODY])


def _asset(form: Multipart) -> V2Response:
    """Return the response to an upload: an asset whose id and URL follow from the file alone."""
    part = form.parts[0]
    digest = hashlib.sha256(read_all(part.content)).hexdigest()[:32]
    url = f"{UPLOADS}/{digest}/{quote(part.filename, safe='', errors='replace')}"
    asset = {"id": str(uuid.uuid5(uuid.NAMESPACE_URL, url)), "results": [url], "status": "success"}
    return V2Response(200, _JSON, to_json(asset))
