"""Whether a worker still runs: the lock that it holds in PostgreSQL."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError
from vimmerse.batch.engines.presence import Presence


def presence(url: str, worker: str) -> Presence:
    return Presence(make_url(url).set(drivername="postgresql+psycopg"), worker)


def disconnect_all(url: str) -> None:
    """What a restart of the server does to its clients."""
    with psycopg.connect(url) as connection:
        connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()")


def test_a_worker_is_seen_until_it_ends(postgres_url: str) -> None:
    first, second = presence(postgres_url, "first"), presence(postgres_url, "second")
    assert first.keep()
    assert second.keep()
    assert not second.lock("first")
    first.close()
    assert second.lock("first")
    # Nobody else takes it for ended while the second deals with that.
    third = presence(postgres_url, "third")
    assert third.keep()
    assert not third.lock("first")
    second.unlock("first")
    assert third.lock("first")
    second.close()
    third.close()


def test_the_lock_is_taken_again_after_the_connection_was_lost(postgres_url: str) -> None:
    first, second = presence(postgres_url, "first"), presence(postgres_url, "second")
    assert first.keep()
    disconnect_all(postgres_url)
    assert second.keep()
    assert second.lock("first")
    with pytest.raises(SQLAlchemyError):
        first.keep()  # it notices, and
    assert not first.keep()  # has to wait until the other has looked
    second.unlock("first")
    assert first.keep()
    assert first.keep()
    assert not second.lock("first")
    first.close()
    second.close()


def test_a_database_that_cannot_be_reached() -> None:
    lost = presence("postgresql://nobody@127.0.0.1:1/none", "first")
    with pytest.raises(SQLAlchemyError):
        lost.keep()
    lost.close()
