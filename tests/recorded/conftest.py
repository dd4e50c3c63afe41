"""Recording and playback: VCR.py's settings, and the server that is recorded.

``pytest`` alone plays them back, with the network blocked. ``scripts/record`` records them: from an emulator of
its own over real HTTP, or with ``--live`` from the service (VIMMERSE_RECORD=live and VIMMERSE_API_KEY).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from vcr.persisters.filesystem import FilesystemPersister
from vimmerse.emulator import Emulator

from scripts._stats import read, revision
from tests.recorded.calls import Row
from tests.recorded.compat_calls import Answer, compat_answer
from tests.recorded.scrub import API, CASSETTES, FILES, HOME, Scrubber, Serializer, same_body, same_headers

EMULATED = """Recorded from the vimmerse emulator, over HTTP on this machine; not from the live service.
Specs: {specs}. Made anew by: scripts/record"""
LIVE = """Recorded from the live service.
Specs: {specs}. Made anew by: scripts/record --live"""


def header() -> str:
    """What a cassette that is recorded now says of itself."""
    specs = ", ".join(f"{name} {revision(spec)}" for name, spec in read(HOME)["specs"].items())
    return (LIVE if _live() else EMULATED).format(specs=specs)


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
def emulator(record_mode: str, request: pytest.FixtureRequest) -> Iterator[Emulator | None]:
    """The emulator to record from: one a cassette, so that its ids depend on nothing else."""
    if record_mode == "none" or _live():
        yield None
        return
    row = getattr(request.node, "callspec", None) and request.node.callspec.params.get("row")
    with Emulator(**row.settings) if isinstance(row, Row) else Emulator() as emulator:
        yield emulator


@pytest.fixture
def service(emulator: Emulator | None) -> Service:
    """The service that a test's calls go to; when playing, the public address, which nothing reaches."""
    if emulator is not None:
        return Service(emulator.base_url, "a-key-of-the-recording")
    return Service(API, os.environ.get("RECORD_KEY", "a-key-of-the-player"))


@pytest.fixture
def scrubber(emulator: Emulator | None, service: Service) -> Scrubber:
    """What removes keys, ports and signatures."""
    origins = {} if emulator is None else {emulator.base_url: API, emulator.files_url: FILES}
    return Scrubber(origins, (service.key,))


@pytest.fixture
def vcr_config(scrubber: Scrubber) -> dict[str, Any]:
    """VCR.py's settings: nothing secret is kept, and nothing that changes from one recording to the next."""
    return {
        "before_record_request": scrubber.request,
        "before_record_response": scrubber.response,
        "match_on": ["method", "scheme", "host", "path", "query", "cassette_body", "cassette_headers"],
        "allow_playback_repeats": False,
        "decode_compressed_response": True,
    }


def pytest_recording_configure(config: pytest.Config, vcr: Any) -> None:
    """pytest-recording's hook: our matcher and our serializer."""
    vcr.register_persister(FilesystemPersister)  # pytest-recording's own drops the metadata
    vcr.register_matcher("cassette_body", same_body)
    vcr.register_matcher("cassette_headers", same_headers)
    vcr.register_serializer("yaml", Serializer(header()))


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
    return str(CASSETTES / request.path.stem.removeprefix("test_"))


@pytest.fixture
def answered(service: Service, scrubber: Scrubber, vcr: Any, emulator: Emulator | None) -> Callable[[Row], Answer]:
    """Make a row's call through the compat layer, and compare what it returns with what is stored in the cassette."""

    def answer(row: Row) -> Answer:
        answer = compat_answer(row, service.base_url, service.headers, emulator)
        pinned = scrubber.value(answer.pinned)
        assert vcr.get_metadata("answer", pinned) == pinned, "the answer differs from the stored one"
        return answer

    return answer
