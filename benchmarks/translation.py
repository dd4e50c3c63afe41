"""The translation without I/O: a v1 request to a v2 request, and a v2 response to a v1 response.

python -m benchmarks.translation CASE TIMES     repeat it, for callgrind
"""

from __future__ import annotations

import gc
import json
import sys
from ast import literal_eval
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from vimmerse.compat import Policy
from vimmerse.compat.core.messages import Pairs, V1Request, V2Response
from vimmerse.compat.flows.dispatch import begin

from benchmarks.clients import FORM, SHORT_FORM
from benchmarks.server import STORY

BASE = "http://127.0.0.1:1"
DOCUMENTED: Mapping[str, object] = literal_eval(SHORT_FORM)
DETAILED: Mapping[str, object] = {**literal_eval(FORM), "background_music": "true"}
_HEADERS: Pairs = (
    ("Host", "127.0.0.1:1"),
    ("Accept", "*/*"),
    ("Accept-Encoding", "gzip, deflate"),
    ("Connection", "keep-alive"),
    ("User-Agent", "python-httpx/0.28.1"),
    ("X-Api-Key", "a-key-of-the-benchmark"),
)
_FORM_TYPE = ("Content-Type", "application/x-www-form-urlencoded")
_RESPONSE_HEADERS: Pairs = (("Date", "Fri, 06 Feb 2026 02:05:40 GMT"), ("Content-Type", "application/json"))


def translate(request: V1Request, policy: Policy, response: bytes) -> int:
    """Translate a call and its response; returns the length of v1's response."""
    flow = begin(request, policy)
    assert flow is not None
    next(flow)
    try:
        flow.send(V2Response(200, _RESPONSE_HEADERS, response))
    except StopIteration as end:
        return len(end.value.body)
    raise AssertionError("these calls need one v2 request")


def post(form: Mapping[str, object]) -> Callable[[], int]:
    """An idea-2-video with this form."""
    body = urlencode(form).encode()
    headers = (*_HEADERS, ("Content-Length", str(len(body))), _FORM_TYPE)
    policy = Policy(base_url=BASE)
    response = json.dumps(STORY, separators=(",", ":")).encode()
    url = BASE + "/story/idea-2-video"
    return lambda: translate(V1Request("POST", url, headers, body), policy, response)


def poll() -> Callable[[], int]:
    """A poll of a story."""
    policy = Policy(base_url=BASE)
    response = json.dumps(STORY, separators=(",", ":")).encode()
    url = BASE + "/story/abc123-def456-ghi789"
    return lambda: translate(V1Request("GET", url, _HEADERS), policy, response)


def large(size: int) -> Callable[[], int]:
    """The last step of a story: a request with a storyboard of ``size`` bytes, and a response with the same."""
    scene = {"name": "scene", "prompt": "A squirrel plays the flute in a meadow. " * 20, "image_url": "http://x/y.png"}
    length = len(json.dumps(scene)) + 2
    board = {"scenes": [scene] * max(1, size // length)}
    body = urlencode({"storyboard": json.dumps(board)}).encode()
    response = json.dumps({**STORY, "storyboard": board}).encode()
    policy = Policy(base_url=BASE)
    url = BASE + "/story/abc123-def456-ghi789/videos"
    return lambda: translate(V1Request("POST", url, (*_HEADERS, _FORM_TYPE), body), policy, response)


CASES: Mapping[str, Callable[[], Callable[[], int]]] = {
    "idea-2-video, as documented": lambda: post(DOCUMENTED),
    "idea-2-video, nine fields": lambda: post(DETAILED),
    "a poll": poll,
    "videos, a storyboard of 10 kB": lambda: large(10_000),
}


def main() -> None:
    """Repeat a case. callgrind runs this with two counts, whose difference excludes the start of the interpreter."""
    gc.disable()  # when it runs depends on what was imported
    function = CASES[sys.argv[1]]()
    for _ in range(int(sys.argv[2])):
        function()


if __name__ == "__main__":
    main()
