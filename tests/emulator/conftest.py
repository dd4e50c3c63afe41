"""An emulator and clients for it, one emulator a test: starting one takes milliseconds."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from vimmerse.emulator import Emulator

KEY = "key-for-tests-0123456789"


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


@pytest.fixture
def client(emulator: Emulator) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": KEY}, timeout=20) as http:
        yield http
