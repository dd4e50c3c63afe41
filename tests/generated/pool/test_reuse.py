"""Which connections the pooled transport makes, uses again and keeps."""

from __future__ import annotations

import socket
import struct
import threading

import anyio
import httpx
import pytest
from vimmerse._http.pool import AsyncPooledTransport

from tests.generated.pool.conftest import (
    RESPONSE,
    TIMEOUT,
    Connection,
    Run,
    Server,
    fetch,
    in_thread,
    limits,
    request,
)

# Reuse


def test_requests_in_turn_share_a_connection(run: Run, server: Server) -> None:
    async def test() -> None:
        async with AsyncPooledTransport() as pool:
            for _ in range(20):
                assert await fetch(pool, server) == b"ok"
        await server.has_seen_close(0)

    run(test)
    assert len(server.connections) == 1


def test_the_connection_that_was_used_last_is_used_first(run: Run, server: Server) -> None:
    async def test() -> None:
        async with AsyncPooledTransport(limits=limits()) as pool:
            responses = [await pool.handle_async_request(request(server)) for _ in range(3)]
            for response in (responses[0], responses[2], responses[1]):
                await response.aread()
            for _ in range(5):
                await fetch(pool, server)

    run(test)
    assert [number for number, _ in server.served] == [0, 1, 2, 1, 1, 1, 1, 1]


def test_many_concurrent_requests_each_arrive_once(run: Run, server: Server) -> None:
    async def test() -> None:
        async with AsyncPooledTransport(limits=limits(10, 3)) as pool, anyio.create_task_group() as tasks:
            for number in range(200):
                tasks.start_soon(fetch, pool, server, f"/{number}", "POST")

    run(test)
    assert sorted(server.paths) == sorted(f"/{number}" for number in range(200))


def test_each_host_and_tls_name_has_its_own_connections(run: Run, server: Server) -> None:
    async def test() -> None:
        async with AsyncPooledTransport(limits=limits()) as pool:
            await fetch(pool, server)
            await fetch(pool, f"http://localhost:{server.port}")
            await (await pool.handle_async_request(request(server, sni_hostname="files.example"))).aread()
            await fetch(pool, server)

    run(test)
    assert [number for number, _ in server.served] == [0, 1, 2, 0]


# Limits


def test_no_more_connections_than_the_limit(run: Run, server: Server) -> None:
    async def test() -> None:
        async with AsyncPooledTransport(limits=limits(2)) as pool, anyio.create_task_group() as tasks:
            for _ in range(20):
                tasks.start_soon(fetch, pool, server)

    run(test)
    assert len(server.served) == 20
    assert server.most_open == len(server.connections) == 2


def test_none_is_no_limit(run: Run, server: Server) -> None:
    async def test() -> None:
        async with AsyncPooledTransport(limits=limits(None, None)) as pool:
            responses = [await pool.handle_async_request(request(server)) for _ in range(15)]
            for response in responses:
                await response.aread()
            for _ in range(15):
                await fetch(pool, server)

    run(test)
    assert len(server.connections) == 15


def test_idle_connections_above_the_limit_are_closed(run: Run, server: Server) -> None:
    async def test() -> None:
        async with AsyncPooledTransport(limits=limits(10, 1)) as pool:
            for response in [await pool.handle_async_request(request(server)) for _ in range(3)]:
                await response.aread()
            await server.has_seen_close(0, 1)
            await fetch(pool, server)

    run(test)
    assert [number for number, _ in server.served] == [0, 1, 2, 2]


def test_at_the_limit_an_idle_connection_to_another_host_is_closed(run: Run, server: Server) -> None:
    async def test() -> None:
        async with AsyncPooledTransport(limits=limits(1)) as pool:
            await fetch(pool, server)
            await fetch(pool, f"http://localhost:{server.port}")
            await server.has_seen_close(0)

    run(test)
    assert [number for number, _ in server.served] == [0, 1]


def test_waiting_requests_are_sent_in_order(run: Run, server: Server) -> None:
    async def test() -> None:
        async with AsyncPooledTransport(limits=limits(1)) as pool, anyio.create_task_group() as tasks:
            held = await pool.handle_async_request(request(server))
            for number in range(5):
                tasks.start_soon(fetch, pool, server, f"/{number}")
                await anyio.wait_all_tasks_blocked()
            await held.aread()

    run(test)
    assert server.paths == ["/", "/0", "/1", "/2", "/3", "/4"]


def test_a_request_that_waits_too_long_is_not_sent(run: Run, server: Server) -> None:
    async def test() -> None:
        async with AsyncPooledTransport(limits=limits(1)) as pool:
            held = await pool.handle_async_request(request(server))
            with pytest.raises(httpx.PoolTimeout):
                await pool.handle_async_request(request(server, "/late", timeout={"pool": 0.01}))
            await held.aread()
            await fetch(pool, server, "/next")

    run(test)
    assert server.paths == ["/", "/next"]


# Idle connections


def test_an_expired_connection_is_closed_and_not_used(run: Run, server: Server) -> None:
    async def test() -> None:
        async with AsyncPooledTransport(limits=limits(expiry=-1)) as pool:
            for response in [await pool.handle_async_request(request(server)) for _ in range(3)]:
                await response.aread()
            await fetch(pool, f"http://localhost:{server.port}")
            await server.has_seen_close(0, 1, 2)
            await fetch(pool, server)
            await server.has_seen_close(3)

    run(test)
    assert [number for number, _ in server.served] == [0, 1, 2, 3, 4]


def test_connections_below_the_one_that_is_used_are_closed_when_they_expire(run: Run) -> None:
    def respond(connection: Connection, head: bytes) -> bool:
        connection.sock.sendall(RESPONSE)
        return connection.number == 2  # the server closes the others

    async def test() -> None:
        async with AsyncPooledTransport(limits=limits()) as pool:
            for response in [await pool.handle_async_request(request(running)) for _ in range(3)]:
                await response.aread()
            await in_thread(running.wait, lambda: running.open == {2})
            assert await fetch(pool, running) == b"ok"
            for response in [await pool.handle_async_request(request(running)) for _ in range(3)]:
                await response.aread()

    with Server(respond) as running:
        run(test)
    assert [number for number, _ in running.served] == [0, 1, 2, 2, 2, 3, 4]


@pytest.mark.parametrize("ending", ["close", "half-close", "reset", "unexpected data"])
def test_a_connection_that_the_server_has_ended_is_not_used_for_a_paid_call(run: Run, ending: str) -> None:
    ended = threading.Event()

    def respond(connection: Connection, head: bytes) -> bool:
        connection.sock.sendall(RESPONSE)
        if connection.number > 0:
            return True
        running.go.wait(TIMEOUT)  # so that it ends after the response was read
        if ending == "half-close":
            connection.sock.shutdown(socket.SHUT_WR)
        elif ending == "reset":
            connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif ending == "unexpected data":
            connection.sock.sendall(RESPONSE)
        ended.set()
        return ending in ("half-close", "unexpected data")

    async def test() -> None:
        async with AsyncPooledTransport(limits=limits()) as pool:
            await fetch(pool, running)
            running.go.set()
            await in_thread(ended.wait, TIMEOUT)
            if ending in ("close", "reset"):
                await in_thread(running.wait, lambda: 0 not in running.open)
            assert await fetch(pool, running, "/paid", "POST") == b"ok"

    with Server(respond) as running:
        run(test)
    assert [(number, head.split()[1]) for number, head in running.served] == [(0, b"/"), (1, b"/paid")]
