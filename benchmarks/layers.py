"""Where the time of a v1 call goes: the adapter alone, plus the translation, plus the warnings.

Each figure is from a whole call over loopback. Between two system calls code and data are cold, so a translation takes
two to three times as long as in a loop that does nothing else.
"""

from __future__ import annotations

import statistics
import warnings
from ast import literal_eval
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any

import httpx
import requests
from vimmerse.compat import CompatAdapter, CompatTransport
from vimmerse.compat.core.messages import V1Request, V1Response, V2Request, V2Response
from vimmerse.compat.core.policy import Policy

from benchmarks.clients import SHORT_FORM
from benchmarks.measure import Function, in_turn, spread
from benchmarks.processes import Cost, server
from benchmarks.table import Row

_FORM: Mapping[str, object] = literal_eval(SHORT_FORM)
_KEY = {"X-Api-Key": "a-key-of-the-benchmark"}


def _untranslated(request: V1Request, policy: Policy) -> Generator[V2Request, V2Response, V1Response]:
    """A flow that forwards the request without translating it."""
    headers = tuple(pair for pair in request.headers if pair[0].lower() != "content-length")
    response = yield V2Request(request.method, request.url.replace("/story", "/v2/story"), headers, request.body)
    return V1Response(response.status, response.headers, response.body)


#: The arguments of an entry point, and whether its calls are sent without the translation.
LAYERS: Mapping[str, tuple[dict[str, Any], bool]] = {
    "the adapter alone": ({}, True),
    "with the translation": ({"on_warning": lambda notice: None}, False),
    "with the warnings": ({}, False),
}
Layer = tuple[dict[str, Any], bool] | None


def _entry(kind: Any, base: str, layer: tuple[dict[str, Any], bool]) -> Any:
    options, untranslated = layer
    entry = kind(base_url=base, **options)
    if untranslated:
        entry._begin = _untranslated  # noqa: SLF001  # the flow, which has no public name
    return entry


def _httpx(base: str, layer: Layer) -> Function:
    transport = None if layer is None else _entry(CompatTransport, base, layer)
    client = httpx.Client(transport=transport, headers=_KEY, trust_env=False)
    return lambda: client.post(base + "/story/idea-2-video", data=_FORM).json()


def _requests(base: str, layer: Layer) -> Function:
    session = requests.Session()
    session.trust_env = False  # without the search for proxies
    session.headers.update(_KEY)
    if layer is not None:
        session.mount("http://", _entry(CompatAdapter, base, layer))
    return lambda: session.post(base + "/story/idea-2-video", data=_FORM).json()


_ENTRY_POINTS: Mapping[str, tuple[str, Callable[[str, Layer], Function]]] = {
    "CompatTransport": ("httpx", _httpx),
    "CompatAdapter": ("requests.Session", _requests),
}


def layers(rounds: int) -> Iterator[Row]:
    """What each layer adds to a call with the plain library."""
    with server() as port, warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.showwarning = lambda *arguments, **options: None
        base = f"http://127.0.0.1:{port}"
        for name, (library, make) in _ENTRY_POINTS.items():
            calls = [make(base, None), *(make(base, layer) for layer in LAYERS.values())]
            plain, *layered = in_turn(calls, rounds=rounds, times=20)
            previous = plain
            for layer, costs in zip(LAYERS, layered, strict=True):
                yield _row(f"layers of {name}: {layer}", library, costs, plain, previous)
                previous = costs


def _row(what: str, library: str, costs: list[Cost], plain: list[Cost], previous: list[Cost]) -> Row:
    ratios = [one.wall / two.wall for one, two in zip(costs, plain, strict=True)]
    more = statistics.median(one.cpu - two.cpu for one, two in zip(costs, previous, strict=True)) * 1e6
    (low, high), median = spread(ratios), statistics.median(ratios)
    cpu = statistics.median(one.cpu / two.cpu for one, two in zip(costs, plain, strict=True))
    return Row(what, library, median, "x", low, high, cpu=cpu, note=f"{more:.0f} us of CPU more than the row before")
