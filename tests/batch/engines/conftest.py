"""An emulator whose jobs are finished at once, and a database for all tests: DBOS prepares it for half a second."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import pytest
from vimmerse.emulator import AT_ONCE, Emulator


@pytest.fixture
def emulator(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    with Emulator(transition=AT_ONCE, seed=zlib.crc32(request.node.name.encode())) as emulator:  # ids of its own
        yield emulator


@pytest.fixture(scope="session")
def database(postgres_server: str) -> str:
    """A schema that the tests share; each of them has a batch of its own."""
    import psycopg

    with psycopg.connect(postgres_server) as connection:
        connection.execute("CREATE SCHEMA engines")
    return f"{postgres_server}&options=-csearch_path%3Dengines"
