"""A short soak; ``scripts/soak`` is the long one."""

from __future__ import annotations

import asyncio
import sys

import pytest
from vimmerse.compat import Policy
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.emulator import AT_ONCE, Emulator

from tests.faults.soak import TIMEOUT, check_flat, soak
from tests.gateway.serving import serving

pytestmark = [
    pytest.mark.slow,
    pytest.mark.exhaustive,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it reads /proc"),
    pytest.mark.filterwarnings("ignore::vimmerse.compat.V1DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::vimmerse.compat.PassthroughWarning"),
]


def test_no_job_is_lost_or_doubled_and_nothing_is_left_open() -> None:
    lines: list[str] = []
    with Emulator(transition=AT_ONCE) as emulator:
        config = GatewayConfig(read_timeout=TIMEOUT, keepalive_expiry=0.0)
        with serving(Policy(base_url=emulator.base_url), config) as gateway:
            left = asyncio.run(soak(emulator, gateway, rounds=3, calls=15, seconds=0, seed=7, report=lines.append))
        assert not gateway.thread.is_alive()
    assert len(left) == 3
    check_flat(left, 64 * 2**20)  # so short a run shows a leak of files; of memory only a large one
    assert "'520'" in lines[-1]  # the faults were met
