"""``max_credits`` against the emulator's ledger: what calls are estimated to cost, and what they are charged.

    python -m tests.fuzz.money --calls 20000

Each call goes through the httpx transport, with a limit, to an emulator in this process: v1 and v2 calls, in every
encoding and under every spelling of their paths, with values that a careless caller writes. Whatever is charged must
have been estimated before, and not below it; and no more may be charged than a call's limit.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx
from vimmerse.compat import AsyncCompatTransport, Policy, TranslationError
from vimmerse.compat.flows.context import CallContext
from vimmerse.compat.flows.routing import OPERATIONS
from vimmerse.emulator import app
from vimmerse.emulator.faults import Faults
from vimmerse.emulator.settings import Settings
from vimmerse.emulator.store import Store
from vimmerse.pricing import Estimate

BASE = "http://emulator.example"
V1 = "https://api.vimmerse.net"
HEADERS = {"X-Api-Key": "a-made-up-key"}
TOOLS = (
    "Auto",
    "AutoT1",
    "PVideo",
    "VeoLite",
    "Vidu",
    "KlingAI",
    "Sora",
    "Kling2",
    "Parallax",
    "TryOnVideo",
    "New",
    "",
)
TRUTHS: tuple[Any, ...] = (True, False, "true", "True", "yes", "Yes", "No", "1", 1, 0, "on", "off", None, "maybe", 1.0)
NUMBERS: tuple[Any, ...] = (
    1,
    2,
    3,
    4,
    5,
    7,
    8,
    10,
    "2",
    "4",
    "10",
    4.0,
    "4.0",
    0,
    -1,
    2.5,
    "many",
    "",
    True,
    None,
    10**30,
    -4,
    "-4",
    "4e0",
    "+4",
    " 4 ",
    "\uff14",
    "1_0",
    [4],
    {"a": 4},
)


@dataclass
class Totals:
    """What a run has come to."""

    calls: int = 0
    charged: int = 0
    rejected: int = 0
    worst: float = 0.0
    ratios: Counter[float] = field(default_factory=Counter)
    most_requests: int = 0
    wrong: list[str] = field(default_factory=list)


class _Source:
    """Random bodies."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.next: list[str] = []  # the steps of a story that has been begun

    def maybe(self, chance: float) -> bool:
        return self.rng.random() < chance

    def one(self, values: Any) -> Any:
        return self.rng.choice(values)

    def audio(self) -> dict[str, Any]:
        names = ("native_audio", "has_narration", "has_bg_music", "narration")
        return {name: self.one(TRUTHS) for name in names if self.maybe(0.5)}

    def params(self) -> str:
        keys = ("Quantity", "MotionLength", "Loop", "MotionAmount")
        given = [f"{key}={self.one(NUMBERS)}" for key in (*keys, "Quantity") if self.maybe(0.5)]
        return "|".join(["Prompt=A fox", *given])

    def preset(self) -> Any:
        return {"MotionType": self.one(TOOLS), "Params": self.params()}

    def scenes(self) -> list[Any]:
        scene = {"name": "Dawn", "image_url": "https://i.example/1.png", "prompt": "A fox"}
        return [dict(scene) for _ in range(self.rng.randrange(6))]

    def value(self, name: str) -> Any:
        if name in ("quantity", "duration", "scene_count", "scene_duration", "loop"):
            return self.one(NUMBERS)
        if name in ("video_tool", "motion_type"):
            return self.one(TOOLS)
        if name in ("native_audio", "sound_effects"):
            return self.one(TRUTHS)
        if name == "audio_option":
            return self.one((self.audio(), self.audio(), "loud", [1], None))
        if name == "pose_preset":
            return self.one((self.preset(), [self.preset() for _ in range(self.rng.randrange(1, 4))]))
        if name == "submit_params":
            return {key: self.one(TRUTHS) for key in ("native_audio", "sound_effects") if self.maybe(0.5)}
        if name == "storyboard":
            return self.one(({"scenes": self.scenes()}, {"characters": []}, {}))
        if name == "scenes":
            return self.one((self.scenes(), {"scenes": self.scenes()}, None))
        if name == "data":
            return {key: self.value(key) for key in ("pose_preset", "submit_params", "title") if self.maybe(0.8)}
        if name == "image_urls":
            return [f"https://i.example/{number}.png" for number in range(self.rng.randrange(5))]
        if name == "visibility_status":
            return self.one(("0", "1", "2"))
        return self.one(("A fox", "A dog"))


_STORY = (
    *("idea", "scene_count", "scene_duration", "duration", "video_tool", "motion_type", "audio_option"),
    *("native_audio", "sound_effects", "visibility_status", "image_urls", "storyboard", "scenes"),
)
_MEDIA = (
    *("prompt", "title", "quantity", "duration", "video_tool", "motion_type", "audio_option", "native_audio"),
    *("sound_effects", "loop", "visibility_status", "image_urls"),
)
_PRESETS = ("title", "pose_preset", "submit_params")


def _body(source: _Source, line: str) -> dict[str, Any]:
    if line in ("POST /media/prompt", "POST /media/upload"):
        names: tuple[str, ...] = ("data",) if line.endswith("upload") else _PRESETS
        chance = 0.9
    else:
        names, chance = (_STORY if "/story" in line else _MEDIA), 0.35
    fields = {name: source.value(name) for name in names if source.maybe(chance)}
    if "/story" in line and source.maybe(0.9):
        fields["idea"] = "A fox"
    elif "/media" in line and "upload" not in line and source.maybe(0.7) and "edit" not in line:
        fields["prompt"] = "A fox"
    return fields


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value) if isinstance(value, dict | list) else str(value)


def _encoded(source: _Source, line: str, body: dict[str, Any]) -> dict[str, Any]:
    """Arguments for ``client.request``: the body in some encoding."""
    kind = source.one(("json", "json", "form", "form", "multipart", "odd"))
    if "/v2/" in line and kind != "odd":
        kind = "json"
    form = {name: value if name == "image_urls" else _text(value) for name, value in body.items() if value is not None}
    if kind == "json":
        return {"json": body}
    if kind == "form" and "upload" not in line:
        return {"data": form}
    if kind == "multipart" or "upload" in line:
        return {"data": form, "files": {"image": ("a.png", b"\x89PNG", "image/png")}}
    text = json.dumps(body)
    how = source.rng.randrange(6)
    if how == 5:
        return {"content": text, "headers": {"Content-Type": "application/json", "X-HTTP-Method-Override": "PUT"}}
    if how == 4:
        duplicates = text[:-1] + ', "quantity": 1, "duration": 1}' if body else text
        return {"content": duplicates, "headers": {"Content-Type": "application/json"}}
    if how == 0:
        return {"content": text[:-1] + ', "x": NaN}', "headers": {"Content-Type": "application/json"}}
    if how == 1:
        return {"content": text, "headers": {"Content-Type": "text/json"}}
    if how == 2:
        return {"content": text, "headers": {"Content-Type": "application/json", "Content-Encoding": "identity, x"}}
    return {"content": text}


_V2 = tuple(sorted({operation.v2 for operation in OPERATIONS.values() if operation.v2.startswith(("POST", "PUT"))}))
_V1 = tuple(line for line in OPERATIONS if line.startswith(("POST", "PUT")))


def _line(source: _Source) -> str:
    if source.next and source.maybe(0.8):
        return source.next.pop(0)
    return str(source.one(_V2)) if source.maybe(0.3) else str(source.one(_V1))


def _steps(source: _Source) -> list[str]:
    """What follows on step 1, of either version."""
    lines = ["POST {}/story/{{story_id}}/scenes", *["POST {}/story/{{story_id}}/videos"] * 3]
    return [line.format(source.one(("", "", "/v2"))) for line in lines]


def _target(source: _Source, url: str) -> tuple[str, dict[str, Any]]:
    """A URL, or another one and the extension of httpx that takes its place."""
    if source.maybe(0.9):
        return url, {}
    path = url.split("/", 3)[3]
    return f"{url[: -len(path)]}other", {"extensions": {"target": f"/{path}".encode()}}


def _url(source: _Source, path: str, ids: list[str]) -> str:
    before, brace, after = path.partition("{")
    if brace:
        ids = ids or ["none"]
        chosen = [str(source.one(ids))]
        if "/media" in path and "/v2" not in path and source.maybe(0.15):
            chosen += [str(source.one(ids)) for _ in range(source.rng.randrange(1, 3))]
        path = before + quote("+".join(chosen), safe="+") + after.partition("}")[2]
    spelling = source.rng.randrange(12)
    if spelling == 0:
        path = path.replace("/s", "/%73", 1)
    elif spelling == 1:
        path = "/" + path
    elif spelling == 2:
        path += "/"
    return str(source.one((V1, BASE, "http://API.vimmerse.net:8080"))) + path


@contextmanager
def _estimates(into: list[float]) -> Iterator[None]:
    original = CallContext.check_price

    def noted(self: CallContext, price: Estimate) -> None:
        into.append(price.credits)
        original(self, price)

    CallContext.check_price = noted  # type: ignore[method-assign]  # for the length of the run
    try:
        yield
    finally:
        CallContext.check_price = original  # type: ignore[method-assign]  # as it was


class _Counting(httpx.ASGITransport):
    """Counts the requests that reach the emulator."""

    sent = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.sent += 1
        return await super().handle_async_request(request)


async def _run(calls: int, seed: int) -> Totals:
    totals = Totals()
    source = _Source(random.Random(seed))
    estimates: list[float] = []
    store = Store(Settings(seed=seed, shared_ids=bool(seed % 2)))
    store.files.base_url = "http://files.example"
    with _estimates(estimates):
        while totals.calls < calls:
            if totals.calls % 60 == 0:
                store.reset()
            await _call(source, store, estimates, totals)
    return totals


async def _call(source: _Source, store: Store, estimates: list[float], totals: Totals) -> None:
    line = _line(source)
    method, _, path = line.partition(" ")
    ids = list(store.stories) if "/story" in path else list(store.media)
    if path.endswith(("/scenes", "/videos")) and source.next:
        ids = ids[-1:]
    elif path in ("/story", "/v2/story"):
        source.next = _steps(source)
    url, target = _target(source, _url(source, path, ids[-20:]))
    arguments = _encoded(source, line, _body(source, line))
    headers = {**HEADERS, **arguments.pop("headers", {})}
    limit = source.one((1e6, 1e6, 0, 50, 150, 400))
    tools = {"KlingAI": "AutoT1", "Parallax": "VeoLite"} if source.maybe(0.1) else {}
    policy = Policy(base_url=BASE, max_credits=limit, video_tools=tools, on_warning=lambda notice: None)
    front = app.RecordingApp(app.api(store), store, Faults(), lambda record: None)
    wire = _Counting(front, raise_app_exceptions=False)
    before, estimates[:] = len(store.charges), []
    totals.calls += 1
    async with httpx.AsyncClient(transport=AsyncCompatTransport(wire, policy)) as client:
        try:
            await client.request(method, url, headers=headers, **arguments, **target)
        except TranslationError:
            totals.rejected += 1
    charged = sum(charge.credits for charge in store.charges[before:])
    totals.most_requests = max(totals.most_requests, wire.sent)
    if not charged:
        return
    totals.charged += 1
    estimated = max(estimates, default=0.0)
    ratio = charged / estimated if estimated else float("inf")
    totals.ratios[round(ratio, 2)] += 1
    totals.worst = max(totals.worst, ratio)
    if ratio > 1 or charged > limit:
        totals.wrong.append(f"{method} {url} {arguments} limit {limit}: estimated {estimated}, charged {charged}")


def run(calls: int, seed: int = 1) -> Totals:
    """So many calls."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return asyncio.run(_run(calls, seed))


def main() -> int:
    """Print the results of a run; return 1 if a call cost more than its estimate or its limit."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.money")
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    totals = run(options.calls, options.seed)
    print(f"{totals.calls} calls, {totals.charged} charged, {totals.rejected} rejected by the limit")
    print(f"charged / estimated, worst: {totals.worst:g}; how often which: {dict(sorted(totals.ratios.items()))}")
    print(f"upstream requests for one call, most: {totals.most_requests}")
    for line in totals.wrong[:20]:
        print(f"WRONG {line}")
    return bool(totals.wrong)


if __name__ == "__main__":
    sys.exit(main())
