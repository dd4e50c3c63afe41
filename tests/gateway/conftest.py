"""One emulator and one gateway for many tests: starting and stopping one takes a third of a second."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from vimmerse.compat.core.policy import Policy
from vimmerse.emulator import AT_ONCE, Emulator

from tests.gateway.serving import Running, serving

OWNER = "key-of-the-owner-0123456789"
CALLER = "key-of-the-caller-9876543210"


@pytest.fixture(scope="module")
def shared_emulator() -> Iterator[Emulator]:
    with Emulator(transition=AT_ONCE) as running:
        yield running


@pytest.fixture
def emulator(shared_emulator: Emulator) -> Emulator:
    shared_emulator.reset()
    return shared_emulator


@pytest.fixture(scope="module")
def gateway(shared_emulator: Emulator) -> Iterator[Running]:
    with serving(Policy(base_url=shared_emulator.base_url, api_key=OWNER)) as running:
        yield running


@pytest.fixture
def client(gateway: Running, emulator: Emulator) -> Iterator[httpx.Client]:
    """A v1 client whose base URL is the gateway."""
    gateway.access_log.clear()
    with httpx.Client(base_url=gateway.base_url, headers={"X-Api-Key": CALLER}, timeout=20) as v1_client:
        yield v1_client
