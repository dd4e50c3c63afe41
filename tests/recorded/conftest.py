"""Recording and playback: VCR.py's settings, and the server that is recorded.

``pytest`` alone plays them back, with the network blocked. ``scripts/record`` records them: from an emulator of
its own over real HTTP, or with ``--live`` from the service (VIMMERSE_RECORD=live and VIMMERSE_API_KEY).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from vimmerse.emulator import Emulator

from tests.recorded.scrub import API, FILES, Scrubber, Serializer, same_body

HOME = Path(__file__).resolve().parents[2]
EMULATED = """Recorded from the vimmerse emulator, over HTTP on this machine; not from the live service.
Made anew by: scripts/record"""
LIVE = """Recorded from the live service.
Made anew by: scripts/record --live"""


@dataclass(frozen=True)
class Service:
    """Where the calls of a test go."""

    base_url: str
    key: str

    @property
    def headers(self) -> dict[str, str]:
        """The key, as v1 programs send it."""
        return {"X-Api-Key": self.key}


def _live() -> bool:
    return os.environ.get("RECORD_FROM") == "live"


@pytest.fixture
def emulator(record_mode: str) -> Iterator[Emulator | None]:
    """The emulator to record from: one a cassette, so that its ids depend on nothing else."""
    if record_mode == "none" or _live():
        yield None
        return
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def service(emulator: Emulator | None) -> Service:
    """The service that a test's calls go to; when playing, the public address, which nothing reaches."""
    if emulator is not None:
        return Service(emulator.base_url, "a-key-of-the-recording")
    return Service(API, os.environ.get("RECORD_KEY", "a-key-of-the-player"))


@pytest.fixture
def vcr_config(emulator: Emulator | None, service: Service) -> dict[str, Any]:
    """VCR.py's settings: nothing secret is kept, and nothing that changes from one recording to the next."""
    origins = {} if emulator is None else {emulator.base_url: API, emulator.files_url: FILES}
    scrubber = Scrubber(origins, (service.key,))
    return {
        "before_record_request": scrubber.request,
        "before_record_response": scrubber.response,
        "match_on": ["method", "scheme", "host", "path", "query", "cassette_body"],
        "allow_playback_repeats": False,
        "decode_compressed_response": True,
    }


def pytest_recording_configure(config: pytest.Config, vcr: Any) -> None:
    """pytest-recording's hook: our matcher and our serializer."""
    vcr.register_matcher("cassette_body", same_body)
    vcr.register_serializer("yaml", Serializer(LIVE if _live() else EMULATED))


@pytest.fixture(autouse=True)
def every_exchange_is_played(vcr: Any, record_mode: str) -> Iterator[None]:
    """A recorded exchange that a test no longer makes is a failure: it would pin nothing."""
    yield
    if vcr is not None and record_mode == "none":
        assert not (left := not_played(vcr)), f"recorded, but not played: {', '.join(left)}. To record: scripts/record"


def not_played(cassette: Any) -> list[str]:
    """Method and URL of every request in a cassette that was not made."""
    return [
        f"{each.method} {each.uri}" for index, each in enumerate(cassette.requests) if not cassette.play_counts[index]
    ]


@pytest.fixture
def vcr_cassette_dir(request: pytest.FixtureRequest) -> str:
    """cassettes/v1, cassettes/shim, ...: by the test's module."""
    return str(HOME / "cassettes" / request.path.stem.removeprefix("test_"))
