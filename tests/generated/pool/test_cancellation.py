"""What cancelled requests leave behind: no connection, and no place taken."""

from __future__ import annotations

import asyncio

import anyio
import pytest
from vimmerse._http.pool import AsyncPooledTransport

from tests.generated.pool.conftest import (
    CHUNKED,
    Connection,
    Run,
    Server,
    fetch,
    limits,
    request,
)


def test_a_request_that_is_cancelled_while_it_waits_takes_no_connection(run: Run, server: Server) -> None:
    async def test() -> None:
        async with AsyncPooledTransport(limits=limits(1)) as pool, anyio.create_task_group() as tasks:
            held = await pool.handle_async_request(request(server))
            with anyio.CancelScope() as scope:
                tasks.start_soon(fetch, pool, server, "/before")
                await anyio.wait_all_tasks_blocked()
                tasks.start_soon(cancel_when_blocked, scope)
                await fetch(pool, server, "/cancelled")
            assert scope.cancelled_caught
            tasks.start_soon(fetch, pool, server, "/after")
            await anyio.wait_all_tasks_blocked()
            await held.aread()

    run(test)
    assert server.paths == ["/", "/before", "/after"]
    assert len(server.connections) == 1


async def cancel_when_blocked(scope: anyio.CancelScope) -> None:
    await anyio.wait_all_tasks_blocked()
    scope.cancel()


def test_the_connection_of_a_cancelled_request_is_closed(run: Run, server: Server) -> None:
    async def test() -> None:
        async with AsyncPooledTransport(limits=limits(1)) as pool, anyio.create_task_group() as tasks:
            await fetch(pool, server)
            with anyio.CancelScope() as scope:
                tasks.start_soon(cancel_after, server, 2, scope)
                await fetch(pool, server, "/held", "POST")
            assert scope.cancelled_caught
            server.go.set()
            await server.has_seen_close(0)
            await fetch(pool, server)

    run(test)
    assert [(number, head.split()[1]) for number, head in server.served] == [(0, b"/"), (0, b"/held"), (1, b"/")]


async def cancel_after(server: Server, requests: int, scope: anyio.CancelScope) -> None:
    await server.has_served(requests)
    scope.cancel()


def test_the_connection_of_a_body_whose_reader_is_cancelled_is_closed(run: Run) -> None:
    def respond(connection: Connection, head: bytes) -> bool:
        connection.sock.sendall(CHUNKED + b"2\r\nok\r\n")
        return True

    async def test() -> None:
        async with AsyncPooledTransport(limits=limits(1)) as pool, anyio.create_task_group() as tasks:
            for number in range(2):
                with anyio.CancelScope() as scope:
                    response = await pool.handle_async_request(request(running))
                    tasks.start_soon(cancel_when_blocked, scope)
                    await response.aread()
                assert scope.cancelled_caught
                await running.has_seen_close(number)

    with Server(respond) as running:
        run(test)


@pytest.mark.parametrize("point", ["first use", "reuse"])
def test_cancelled_tasks_of_asyncio_free_their_connections(server: Server, point: str) -> None:
    """At every point where the task is suspended, ``Task.cancel`` included while it ends a request."""

    async def test() -> None:
        for steps in range(40):
            async with AsyncPooledTransport(limits=limits(1)) as pool:
                if point == "reuse":
                    await fetch(pool, server)
                task = asyncio.create_task(fetch(pool, server))
                for _ in range(steps):
                    await asyncio.sleep(0)
                task.cancel()
                await asyncio.wait([task])
                assert await fetch(pool, server) == b"ok"
                assert await fetch(pool, server) == b"ok"

    asyncio.run(test())


def test_the_connection_of_an_unread_response_is_closed(run: Run) -> None:
    def respond(connection: Connection, head: bytes) -> bool:
        connection.sock.sendall(CHUNKED + b"2\r\nok\r\n")
        return True

    async def test() -> None:
        async with AsyncPooledTransport(limits=limits(1)) as pool:
            for number in range(2):
                response = await pool.handle_async_request(request(running))
                await response.aclose()
                await response.stream.aclose()  # type: ignore[union-attr]  # again: without effect
                await running.has_seen_close(number)

    with Server(respond) as running:
        run(test)
    assert len(running.connections) == 2
