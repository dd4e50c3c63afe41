"""The translation alone: a v1 request in, the v2 request out, v2's answer in, v1's answer out. No I/O at all.

python -m benchmarks.translation CASE TIMES     translate so often, for callgrind
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
from vimmerse.compat.flows.dispatch import converse

from benchmarks.clients import FORM, SHORT_FORM
from benchmarks.server import STORY

BASE = "http://127.0.0.1:1"
DOCUMENTED: Mapping[str, object] = literal_eval(SHORT_FORM)
#: Each of v1's own options has a notice.
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
_ANSWER: Pairs = (("Date", "Fri, 06 Feb 2026 02:05:40 GMT"), ("Content-Type", "application/json"))


def hold(request: V1Request, policy: Policy, answer: bytes) -> int:
    """One whole conversation of one request; gives the length of v1's answer."""
    talk = converse(request, policy)
    next(talk)
    try:
        talk.send(V2Response(200, _ANSWER, answer))
    except StopIteration as end:
        return len(end.value.body)
    raise AssertionError("one answer ends these calls")


def post(form: Mapping[str, object]) -> Callable[[], int]:
    """An idea-2-video with this form."""
    body = urlencode(form).encode()
    headers = (*_HEADERS, ("Content-Length", str(len(body))), _FORM_TYPE)
    policy = Policy(base_url=BASE)
    answer = json.dumps(STORY, separators=(",", ":")).encode()
    url = BASE + "/story/idea-2-video"
    return lambda: hold(V1Request("POST", url, headers, body), policy, answer)


def poll() -> Callable[[], int]:
    """A look at a story."""
    policy = Policy(base_url=BASE)
    answer = json.dumps(STORY, separators=(",", ":")).encode()
    url = BASE + "/story/abc123-def456-ghi789"
    return lambda: hold(V1Request("GET", url, _HEADERS), policy, answer)


def large(size: int) -> Callable[[], int]:
    """The last step of a story of so many bytes: a storyboard in, that storyboard back."""
    scene = {"name": "scene", "prompt": "A squirrel plays the flute in a meadow. " * 20, "image_url": "http://x/y.png"}
    length = len(json.dumps(scene)) + 2
    board = {"scenes": [scene] * max(1, size // length)}
    body = urlencode({"storyboard": json.dumps(board)}).encode()
    answer = json.dumps({**STORY, "storyboard": board}).encode()
    policy = Policy(base_url=BASE)
    url = BASE + "/story/abc123-def456-ghi789/videos"
    return lambda: hold(V1Request("POST", url, (*_HEADERS, _FORM_TYPE), body), policy, answer)


CASES: Mapping[str, Callable[[], Callable[[], int]]] = {
    "idea-2-video, as documented": lambda: post(DOCUMENTED),
    "idea-2-video, nine fields": lambda: post(DETAILED),
    "a look at a story": poll,
    "videos, a storyboard of 10 kB": lambda: large(10_000),
}


def main() -> None:
    """Called under callgrind with two numbers of repetitions, whose difference leaves the start-up out."""
    gc.disable()  # when it runs depends on all that was imported before
    work = CASES[sys.argv[1]]()
    for _ in range(int(sys.argv[2])):
        work()


if __name__ == "__main__":
    main()
