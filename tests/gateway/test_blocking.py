"""Expensive requests get a response within the timeout of a test.

How long each blocks the event loop is measured by ``python -m tests.gateway.blocking``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.gateway.blocking import BODIES, HEAD, HEADS, KIB, gateway, requested
from tests.gateway.serving import Running
from tests.sampling import sampled

pytestmark = pytest.mark.timeout(60)


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with gateway() as gateway_running:
        yield gateway_running


@pytest.mark.parametrize("make", sampled(BODIES.values(), 2), ids=BODIES)
@pytest.mark.parametrize("size", [1, 512 * KIB])
def test_an_expensive_body(running: Running, make: Callable[[int], bytes], size: int) -> None:
    assert requested(running, make(size)) != 500


@pytest.mark.parametrize("make", HEADS.values(), ids=HEADS)
@pytest.mark.parametrize("size", [1, 5000, HEAD * KIB])
def test_an_expensive_head(running: Running, make: Callable[[int], bytes], size: int) -> None:
    assert requested(running, make(size)) != 500


@pytest.mark.parametrize("digits", [1, 6, 7, 4300, 4301, 30_000])
@pytest.mark.parametrize("name", ["Auto", "Kling", "", "Nothing"])
def test_a_result_number_of_any_length(running: Running, name: str, digits: int) -> None:
    zeros = "0" * (digits - 1)
    assert requested(running, f"GET /media/m/download?motion_type={name}{zeros}1 HTTP/1.1\r\n".encode() + END) == 200
    far = requested(running, f"GET /media/m/download?motion_type={name}{'9' * digits} HTTP/1.1\r\n".encode() + END)
    assert far == 400


END = b"Host: g\r\nConnection: close\r\n\r\n"
