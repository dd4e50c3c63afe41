"""Mutated calls: what the caller sends and what the server responds, starting from the case table.

    python -m tests.fuzz.mutated --calls 25000

Each call must end with a response or a :class:`TranslationError`; an exception of any other type is counted. The same
number and the same seed give the same call.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from vimmerse.compat.core.errors import TranslationError
from vimmerse.compat.core.messages import Pairs, V1Request, V2Request, V2Response
from vimmerse.compat.core.policy import Policy

from tests.cases.flow import is_api_call, start_flow
from tests.cases.rows import Case
from tests.cases.table import CASES

#: Values that stand where others are expected.
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 10**400, -(10**400), 1e308, "", " ", "0", "1e999", "nan", "9" * 5000, "-" * 50),
    *([], {}, [[]], [None], [{}], {"scenes": 1}, {"url": []}, [["a"]], "\ud800", "\x00", "\x1b[31m", "a\r\nb: c"),
    *("𐀀", "ü", "a+b", "../..", "{", "[", '{"a": NaN}', "[1e999]", "null", '"', "%", "%zz", "=", "&", "|", "Quantity="),
    *("Auto", "Parallax", "Auto" + "9" * 5000, "First", "success", "failed", "2026-02-06T02:05:40"),
)
NAMES = (
    *("scenes", "storyboard", "pose_preset", "data", "submit_params", "audio_option", "media_items", "image_urls"),
    *("image_files", "image", "duration", "quantity", "native_audio", "id", "result", "status", "processing_status"),
    *("results", "detail", "loc", "code", "message", "prompt", "Params", "MotionType", "position", "", "\ud800"),
)
TYPES = (
    *("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a", "text/json", ""),
    *("multipart/form-data", "application/json; charset=utf-16", 'multipart/form-data; boundary="\xff"', "\xff/\xff"),
    "application/x+json",
)
HEADERS = (
    *(("Content-Encoding", "gzip"), ("X-Api-Key", ""), ("X-Api-Key", "short"), ("Range", "bytes=0-9"), ("", "")),
    *(("Idempotency-Key", "k"), ("If-None-Match", "*"), ("Location", "http://[::1"), ("Location", "//\ud800")),
    *(("Content-Type", "\u0436"), ("Content-Range", "bytes 0-9/*"), ("Location", "https://f.example/\x00")),
)
STATUSES = (
    200,
    200,
    200,
    200,
    201,
    204,
    206,
    301,
    302,
    304,
    307,
    400,
    401,
    402,
    404,
    404,
    405,
    422,
    500,
    503,
    599,
    999,
)
_SCENE = {"name": "Dawn", "image_url": "https://i.example/1.png", "video_description": "mist", "narrator": "x"}
_MEDIA = {
    "id": "m-1",
    "title": "Fox",
    "processing_status": "failed",
    "error": "no luck",
    "version": "3",
    "media_items": [
        {"type": "image", "url": "u", "position": "First"},
        {"type": "image", "url": "v", "position": "Last"},
    ],
    "pose_preset": {"motion_type": "Auto", "prompt": "p", "quantity": 2, "motion_length": 5, "loop": 1},
    "submit_params": {"native_audio": True, "file_size": "", "scale_factor": "1"},
    "result": ["https://v.example/1.mp4", {"url": "https://v.example/2.mp4"}],
    "created_at": "2025-04-01T18:57:37.355064+00:00",
}
#: Responses and bodies with every field that is read.
RICH: tuple[dict[str, Any], ...] = (
    _MEDIA,
    {
        "id": "s-1",
        "status": "failed",
        "is_transition": True,
        "message": "no luck",
        "updated_at": "2026-02-06T02:05:40",
        "storyboard": {
            "scenes": [_SCENE],
            "characters": [{"name": "R", "image_url": "u"}],
            "environments": [],
            "objects": [],
        },
        "all_medias": [_MEDIA],
    },
    {"id": "a", "results": ["https://cdn.example/a.png"], "status": "success"},
    {"detail": [{"loc": ["body", "audio_option", "narrator"], "msg": "bad", "type": "t"}], "code": "X", "message": "m"},
    {"data": _MEDIA},
)
_PRESET = {"MotionType": "Auto", "Params": "Prompt=A fox|Quantity=2|MotionLength=5|Zoom=1|AspectRatio=16:9"}
_ALL = {
    "idea": "A fox",
    "prompt": "A fox",
    "title": "Fox",
    "scene_count": 2,
    "quantity": 2,
    "duration": 5,
    "loop": 1,
    "motion_type": "Kling2",
    "option": "FluxPro",
    "narrator": "Bill",
    "sound_effects": "Yes",
    "native_audio": True,
    "audio_option": {"narrator": "Bill", "native_audio": "true"},
    "elements": {"characters": [{"URL": "u"}]},
    "pose_preset": [_PRESET, _PRESET],
    "submit_params": {"sound_effects": "Yes", "pipeline_preset": "Normal"},
    "image_urls": ["a", "b"],
    "media_items": [{"type": "image", "url": "u"}],
    "visibility_status": "0",
    "rating": "5",
    "storyboard": {"scenes": [_SCENE], "characters": [{"URL": "u"}]},
    "scenes": [{"prompt": "p", "name": "Dusk"}],
    "webhook_url": "https://me.example/hook",
    "data": {"pose_preset": _PRESET, "title": "Fox"},
    "narration": "n",
}
DOCUMENTS: tuple[dict[str, Any], ...] = (_ALL, {name: json.dumps(value) for name, value in _ALL.items()})
POLICIES: tuple[dict[str, Any], ...] = (
    *({}, {}, {"mode": "strict"}, {"max_credits": 0}, {"max_credits": 1e9}, {"api_key": "the-configured-key"}),
    {"video_tools": {"Parallax": "Auto"}, "max_credits": 1e9},
)


@dataclass
class Totals:
    """The results of a run."""

    calls: int = 0
    requests: int = 0
    responses: int = 0
    rejections: int = 0
    unrecognised: int = 0
    most_requests: int = 0
    foreign: list[str] = field(default_factory=list)


class Mutator:
    """Changes values at random places, from a seed."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def maybe(self, chance: float) -> bool:
        return self.rng.random() < chance

    def changed(self, original: Any) -> Any:
        """Return the value with a few changes."""
        for _ in range(self.rng.randrange(1, 5)):
            original = self.value(original)
        return original

    def value(self, original: Any, depth: int = 0) -> Any:
        """Return the value with one change."""
        if self.maybe(0.1 if depth else 0.03) or depth > 8:
            return self.rng.choice(ODD)
        if isinstance(original, dict):
            fields = dict(original)
            name = self.rng.choice([*fields] if fields and self.maybe(0.75) else NAMES)
            change = self.rng.randrange(8)
            if change == 0:
                fields.pop(name, None)
            elif change == 1 and fields:
                fields[self.rng.choice(NAMES)] = fields[self.rng.choice(list(fields))]
            else:
                fields[name] = self.value(fields.get(name), depth + 1)
            return fields
        if isinstance(original, list):
            items = list(original)
            if items and self.maybe(0.7):
                index = self.rng.randrange(len(items))
                items[index] = self.value(items[index], depth + 1)
            else:
                items.extend(self.rng.choices(ODD, k=self.rng.randrange(1, 4)))
            return items
        if isinstance(original, str) and original[:1] in ("{", "[") and self.maybe(0.8):
            try:
                return json.dumps(self.changed(json.loads(original)))
            except ValueError:
                return self.rng.choice(ODD)
        return self.rng.choice(ODD)

    def text(self, original: str) -> str:
        """The same text with a piece removed, doubled or inserted."""
        start = self.rng.randrange(len(original) + 1)
        end = self.rng.randrange(start, len(original) + 1)
        piece = self.rng.choice(
            ("", original[start:end] * 2, str(self.rng.choice(ODD[:9])), "\x00", "\xff", "%2B", "+", "/")
        )
        return original[:start] + piece + original[end:]

    def bytes(self, original: bytes) -> bytes:
        """As :meth:`text`; JSON mostly stays JSON."""
        if original[:1] in (b"{", b"[") and self.maybe(0.8):
            try:
                return json.dumps(self.changed(json.loads(original))).encode()
            except (ValueError, RecursionError):
                pass
        return self.text(original.decode("latin-1")).encode("latin-1", "replace")

    def headers(self, original: Pairs) -> Pairs:
        """One more header, another content type, or each header twice."""
        change = self.rng.randrange(3)
        if change == 0:
            return (*original, self.rng.choice(HEADERS))
        if change == 1:
            kept = tuple(pair for pair in original if pair[0].lower() != "content-type")
            return (*kept, ("Content-Type", self.rng.choice(TYPES)))
        return (*original, *original)


def _request(row: Case, mutate: Mutator) -> V1Request:
    call = row.call
    headers, body = call.encoded()
    method, url = call.method, call.url
    if mutate.maybe(0.25):
        document = mutate.rng.choice(DOCUMENTS)
        body = json.dumps(mutate.changed(document)).encode()
        headers = (*(pair for pair in headers if pair[0] != "Content-Type"), ("Content-Type", TYPES[0]))
    elif call.data and mutate.maybe(0.5):
        # A form is changed by its fields: most of what is changed in its bytes is another text.
        fields = dict(call.data)
        for _ in range(mutate.rng.randrange(1, 3)):
            name = mutate.rng.choice([*fields, *NAMES])
            fields[name] = _form_text(mutate.value(fields.get(name, "")))
        body = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in fields.items()).encode()
        headers = (*(pair for pair in headers if pair[0] != "Content-Type"), ("Content-Type", TYPES[1]))
    elif body and mutate.maybe(0.7):
        body = mutate.bytes(body)
    if call.files and mutate.maybe(0.3):
        for old, new in (("image_files", mutate.rng.choice(NAMES)), ("image", mutate.rng.choice(NAMES))):
            body = body.replace(f'name="{old}"'.encode(), f'name="{new}"'.encode("utf-8", "replace"), 1)
    if mutate.maybe(0.2):
        headers = tuple(mutate.headers(headers))
    if mutate.maybe(0.15):
        scheme, _, rest = url.partition("//")
        host, slash, path = rest.partition("/")
        url = f"{scheme}//{host}{slash}{mutate.text(path)}"
    if mutate.maybe(0.03):
        method = mutate.rng.choice(("PATCH", "post", "", "\ud800", "GET", "DELETE", "PUT"))
    return V1Request(method, url, headers, body)


def _form_text(value: Any) -> str:
    return (
        value if isinstance(value, str) else json.dumps(value) if isinstance(value, dict | list) else str(value)[:5000]
    )


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "replace"))


def _respond(row: Case, v2_request: V2Request, number: int, mutate: Mutator) -> V2Response:
    recorded = row.steps[number].response if number < len(row.steps) else row.steps[-1].response if row.steps else None
    status = recorded.status if recorded else 200
    body = recorded.body if recorded else b'{"id": "m-1"}'
    headers: Pairs = (("Content-Type", recorded.content_type if recorded else "application/json"),)
    if body[:1] == b"{" and mutate.maybe(0.3):
        body = json.dumps(mutate.rng.choice(RICH)).encode()
    if mutate.maybe(0.6):
        body = mutate.bytes(body)
    if mutate.maybe(0.15):
        status = mutate.rng.choice(STATUSES)
    if mutate.maybe(0.15):
        headers = tuple(mutate.headers(headers))
    return V2Response(status, headers, body, object() if v2_request.stream else None)


def _run_call(row: Case, mutate: Mutator, totals: Totals) -> None:
    policy = Policy(**{**row.policy, **mutate.rng.choice(POLICIES)})
    request = _request(row, mutate)
    try:
        known = is_api_call(request.method, request.url, policy)
        flow = start_flow(request, policy)
    except ValueError:
        if known:
            raise
        totals.unrecognised += 1
        return
    sent = 0
    try:
        v2_request = next(flow)
        while True:
            sent += 1
            totals.requests += 1
            for notice in v2_request.notices:
                str(notice)
            v2_request = _next(flow.send, _respond(row, v2_request, sent - 1, mutate))
    except StopIteration as end:
        totals.responses += 1
        json.dumps([str(notice) for notice in end.value.notices])
    except TranslationError as error:
        totals.rejections += 1
        json.dumps(error.payload(), allow_nan=False)
    finally:
        totals.most_requests = max(totals.most_requests, sent)


def _next(step: Callable[[V2Response], V2Request], response: V2Response) -> V2Request:
    return step(response)


def rows() -> Iterator[Case]:
    """The rows that calls start from, without those with large bodies."""
    return (row for row in CASES if not row.untouched and len(row.call.encoded()[1]) < 20_000)


def run(calls: int, seed: int = 1) -> Totals:
    """Run this many calls."""
    totals = Totals()
    table = list(rows())
    for number in range(calls):
        mutate = Mutator(random.Random(f"{seed}:{number}"))
        row = mutate.rng.choice(table)
        totals.calls += 1
        try:
            _run_call(row, mutate, totals)
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            totals.foreign.append(f"{number}: {row.id}: {error!r:.200} at {place.filename}:{place.lineno}")
    return totals


def main() -> int:
    """Print the results of a run; return 1 if an exception of another type was raised."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.mutated")
    parser.add_argument("--calls", type=int, default=25_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    totals = run(options.calls, options.seed)
    print(f"{totals.calls} calls, {totals.requests} requests; {totals.responses} ended in a response,")
    print(f"{totals.rejections} in an error of this library, {totals.unrecognised} were not calls to the API")
    print(f"most requests of one call: {totals.most_requests}")
    print(f"exceptions of other types: {len(totals.foreign)}")
    for line in totals.foreign[:40]:
        print(line)
    return bool(totals.foreign)


if __name__ == "__main__":
    sys.exit(main())
