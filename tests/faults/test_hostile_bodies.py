"""Bodies crafted to be expensive: they are rejected or read in memory that grows only with their size.

What is measured is what Python has allocated at most (tracemalloc), against the body's own length. Time is bounded by
the test's own timeout: work that grows with the square of the length would not end.
"""

from __future__ import annotations

import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
import requests
from vimmerse.compat import CompatAdapter, CompatTransport, Policy
from vimmerse.compat.core.fields import Limits, UnreadableBody, parse_json
from vimmerse.compat.core.forms import parse_body
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.emulator import Emulator

from tests.faults.entry_points import HEADERS
from tests.gateway.serving import RawApi, http_response, serving
from tests.sampling import sampled

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(60),
    pytest.mark.filterwarnings("ignore::vimmerse.compat.V1DeprecationWarning"),
]
MIB = 1024 * 1024
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MARK = b"b123456789"
MULTIPART = f"multipart/form-data; boundary={MARK.decode()}"
FILE = b"--" + MARK + b'\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n'
END = b"\r\n--" + MARK + b"--\r\n"


@contextmanager
def at_most(size: int) -> Iterator[None]:
    """No more than ``size`` bytes are allocated at any time in the block."""
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= size, f"{peak / MIB:.1f} MiB"


REFUSED = [
    pytest.param(FORM, b"ab&" * MIB, "more than 1000 fields", id="a million fields"),
    pytest.param(FORM, b"&" * MIB, "more than 1000 fields", id="a million of nothing"),
    pytest.param(JSON, b'{"a":[' + b"[]," * MIB + b"[]]}", "more than 500000 values", id="a million lists"),
    pytest.param(JSON, b'{"a":[' + b"1000," * MIB + b"1]}", "more than 500000 values", id="a million numbers"),
    pytest.param(JSON, b'{"a":' + b"[" * MIB, "nested too deeply", id="a million levels"),
    pytest.param(JSON, b'{"a":' + b'{"a":' * 100_000, "nested too deeply", id="objects in objects"),
    pytest.param(JSON, b'{"a":' + b"1" * MIB + b"}", "limit", id="a number of a million digits"),
    pytest.param(JSON, b'{"a":' + b"1" * 400 + b".0}", "too large a number", id="a number beyond floats"),
    pytest.param(MULTIPART, (FILE + b"\r\n") * 20_000, "more than 1000 fields", id="twenty thousand parts"),
    pytest.param(MULTIPART, b"\r\n" * MIB, "no end", id="a preamble without end"),
    pytest.param(
        MULTIPART, b"--" + MARK + b"\r\n" + b"a" * MIB, "broken|over the limit", id="a header name without end"
    ),
    pytest.param(
        MULTIPART, b"--" + MARK + b"\r\nA: " + b"a" * MIB, "broken|over the limit", id="a header value without end"
    ),
    pytest.param(
        MULTIPART, b"--" + MARK + b"\r\n" + b"A: b\r\n" * 100, "broken|over the limit", id="a hundred headers"
    ),
    pytest.param(f"multipart/form-data; boundary={'b' * 20_000}", FILE, "broken|no end", id="a boundary of 20 kB"),
]


@pytest.mark.parametrize(("kind", "body", "why"), REFUSED)
def test_rejected(kind: str, body: bytes, why: str) -> None:
    with at_most(4 * len(body) + MIB), pytest.raises(UnreadableBody, match=why):
        parse_body((("Content-Type", kind),), body)


READ = [
    pytest.param(FORM, b"a=" + b"%41" * MIB, id="a million escapes"),
    pytest.param(FORM, b"a=" + b"+" * MIB, id="a million spaces"),
    pytest.param(JSON, b'{"a":1.' + b"1" * MIB + b"}", id="a million decimals"),
    pytest.param(MULTIPART, FILE + b"\r" * MIB + END, id="a million carriage returns"),
    pytest.param(MULTIPART, FILE + b"\r\n--b12345678" * 100_000 + END, id="nearly the boundary, again and again"),
    pytest.param(MULTIPART, FILE + b"-" * MIB + END, id="a million dashes"),
    pytest.param(MULTIPART, FILE + END + b"\r\n" * MIB, id="an epilogue without end"),
]


@pytest.mark.parametrize(("kind", "body"), READ)
def test_read(kind: str, body: bytes) -> None:
    with at_most(8 * len(body) + MIB):
        assert len(parse_body((("Content-Type", kind),), body)) == 1


@pytest.mark.parametrize(
    "text", ["a" * 200_000, "ü%", "%zz%4", "%C3%BC" * 40_000, "x" * 65_535 + "%C3%BC", "+%2B" * 30_000]
)
def test_long_values_are_decoded_like_short_ones(text: str) -> None:
    """A long value is unquoted in pieces. The result must not depend on where they end."""
    from urllib.parse import unquote_plus

    for shift in range(7):
        body = f"a={'x' * shift}{text}".encode()
        assert parse_body((("Content-Type", FORM),), body)["a"] == unquote_plus(body[2:].decode())


def test_every_limit_is_a_setting() -> None:
    body = b"a=1&b=2"
    assert len(parse_body((("Content-Type", FORM),), body, Limits(fields=2))) == 2
    with pytest.raises(UnreadableBody, match="more than 1 fields"):
        parse_body((("Content-Type", FORM),), body, Limits(fields=1))
    with pytest.raises(UnreadableBody, match="limit is 6"):
        parse_body((("Content-Type", FORM),), body, Limits(field_size=6))
    with pytest.raises(UnreadableBody, match="more than 2 values"):
        parse_json("[1,2,3]", Limits(values=2))


# Responses crafted to be expensive


def packed(size: int) -> bytes:
    """A JSON object of ``size`` bytes, compressed a thousand times."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    pieces = [packer.compress(b'{"id": "')]
    pieces += [packer.compress(b"0" * MIB) for _ in range(size // MIB)]
    return b"".join([*pieces, packer.compress(b'"}'), packer.flush()])


def bomb(size: int) -> RawApi:
    """An API that returns one for every request."""
    content = packed(size)
    head = b"Content-Type: application/json\r\nContent-Encoding: gzip\r\n"
    return RawApi(lambda request, plug: http_response(content, headers=head))


@pytest.mark.parametrize("size", sampled([64 * MIB, 256 * MIB], 2))
def test_the_gateway_stops_at_a_compressed_bomb(size: int) -> None:
    """Memory is bounded by two decompressed pieces of 64 KiB, however large the body is."""
    config = GatewayConfig(max_answer=8 * MIB)
    with bomb(size) as api, serving(Policy(base_url=api.base_url), config) as running, at_most(160 * MIB):
        response = httpx.get(f"{running.base_url}/media/x", headers=HEADERS, timeout=30)
    assert (response.status_code, response.json()["code"]) == (502, "BAD_UPSTREAM_ANSWER")


def by_httpx(base_url: str) -> int:
    with httpx.Client(transport=CompatTransport(base_url=base_url), headers=HEADERS) as client:
        return len(client.get(f"{base_url}/media/x").content)


def by_requests(base_url: str) -> int:
    with requests.Session() as session:
        session.mount(base_url, CompatAdapter(base_url=base_url))
        return len(session.get(f"{base_url}/media/x", headers=HEADERS).content)


@pytest.mark.parametrize("entry_point", [by_httpx, by_requests])
def test_python_entry_points_have_no_limit_of_their_own(entry_point: Callable[[str], int]) -> None:
    """There is no limit, as in httpx and requests themselves: the response comes from the API, over TLS."""
    with bomb(16 * MIB) as api:
        assert entry_point(api.base_url) > 16 * MIB


def test_a_compressed_request_is_never_decompressed() -> None:
    """v1 documents no content encoding: such a body is forwarded to v1 unchanged."""
    body = packed(64 * MIB)
    with pytest.raises(UnreadableBody, match="content encoding is 'gzip'"), at_most(MIB):
        parse_body((("Content-Type", JSON), ("Content-Encoding", "gzip")), body)


def test_the_gateway_passes_it_on_in_constant_memory() -> None:
    with Emulator() as emulator, serving(Policy(base_url=emulator.base_url)) as running:
        headers = {**HEADERS, "Content-Encoding": "gzip", "Content-Type": JSON}
        body = packed(64 * MIB)
        with at_most(8 * MIB):
            httpx.post(f"{running.base_url}/media/prompt", content=body, headers=headers, timeout=30)
        (arrived,) = emulator.requests
        assert (arrived.path, arrived.size) == ("/media/prompt", len(body))
