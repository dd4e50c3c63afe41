"""Waiting for many jobs makes no more connections than lookups at a time."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from vimmerse.jobs import Outcome, wait_all, wait_all_async
from vimmerse.v2 import AuthenticatedClient

from tests.connections import Server, counting_server

CONCURRENCY = 48  # httpx keeps 20 connections
JOBS = [f"s{number}" for number in range(4 * CONCURRENCY)]


def waited(server: Server, *, asynchronous: bool, **options: Any) -> list[Outcome]:
    client = AuthenticatedClient(base_url=server.base_url, token="a-key", **options)

    async def wait() -> list[Outcome]:
        async with client:
            return [one async for one in wait_all_async(client, JOBS, kind="story", concurrency=CONCURRENCY)]

    if asynchronous:
        return asyncio.run(wait())
    with client:
        return list(wait_all(client, JOBS, kind="story", concurrency=CONCURRENCY))


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_makes_no_more_connections_than_lookups_at_a_time(asynchronous: bool) -> None:
    with counting_server(together=CONCURRENCY) as server:
        outcomes = waited(server, asynchronous=asynchronous)
    assert all(outcome.value for outcome in outcomes)
    assert (server.requests, server.most) == (len(JOBS), CONCURRENCY)
    assert server.connections <= CONCURRENCY


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("most", [1, 8])
def test_the_limits_of_the_callers_client_apply(asynchronous: bool, most: int) -> None:
    """Fewer connections than lookups: some lookups wait for one, and none fails."""
    limits = httpx.Limits(max_connections=most, max_keepalive_connections=most)
    with counting_server(together=most) as server:
        outcomes = waited(server, asynchronous=asynchronous, httpx_args={"limits": limits})
    assert all(outcome.value for outcome in outcomes)
    assert server.requests == len(JOBS)
    assert server.connections <= most
