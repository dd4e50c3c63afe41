"""Connections that break, errors, closing the pool, and proxies."""

from __future__ import annotations

import asyncio
import importlib.util
import socket
import threading
from contextlib import suppress
from typing import Any

import anyio
import httpx
import pytest
from vimmerse._http.pool import AsyncPooledTransport

from tests.generated.pool.conftest import (
    CHUNKED,
    RESPONSE,
    Connection,
    Run,
    Server,
    fetch,
    limits,
    request,
)

# A request is sent once


@pytest.mark.parametrize("reused", [False, True])
def test_a_request_is_not_sent_again_if_its_connection_breaks(run: Run, reused: bool) -> None:
    def respond(connection: Connection, head: bytes) -> bool:
        if b"/paid" not in head:
            connection.sock.sendall(RESPONSE)
        return b"/paid" not in head

    async def test() -> None:
        async with AsyncPooledTransport(limits=limits(1)) as pool:
            if reused:
                await fetch(pool, running)
            with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
                await fetch(pool, running, "/paid", "POST")
            await fetch(pool, running)

    with Server(respond) as running:
        run(test)
    assert running.paths.count("/paid") == 1
    assert len(running.connections) == 2


def test_a_server_that_closes_every_connection_gets_one_for_each_request(run: Run, server: Server) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    accepted = []

    def accept() -> None:
        with suppress(OSError):
            while True:
                sock, _ = listener.accept()
                accepted.append(sock)
                sock.close()

    threading.Thread(target=accept, daemon=True).start()

    async def test() -> None:
        async with AsyncPooledTransport(limits=limits(1)) as pool:
            for _ in range(3):
                with pytest.raises(httpx.TransportError):
                    await fetch(pool, f"http://127.0.0.1:{listener.getsockname()[1]}", method="POST")
            assert await fetch(pool, server) == b"ok"

    run(test)
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    assert len(accepted) == 3


# Errors are httpx's


def test_errors_are_those_of_httpx(run: Run, server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        unused = f"http://127.0.0.1:{listener.getsockname()[1]}"

    async def test() -> None:
        async with AsyncPooledTransport(limits=limits(1)) as pool:
            with pytest.raises(httpx.UnsupportedProtocol, match="'ftp'"):
                await fetch(pool, "ftp://127.0.0.1")
            with pytest.raises(httpx.ConnectError):
                await fetch(pool, unused)
            with pytest.raises(httpx.ReadTimeout):
                await pool.handle_async_request(request(server, "/held", timeout={"read": 0.01}))
            bad = request(server)
            bad.headers["X"] = "a\nb"
            with pytest.raises(httpx.LocalProtocolError):
                await pool.handle_async_request(bad)
            server.go.set()
            assert await fetch(pool, server) == b"ok"

    run(test)


def test_a_body_that_breaks_off_is_an_error(run: Run) -> None:
    def respond(connection: Connection, head: bytes) -> bool:
        connection.sock.sendall(CHUNKED + b"2\r\nok\r\n")
        return False

    async def test() -> None:
        async with AsyncPooledTransport(limits=limits(1)) as pool:
            for _ in range(2):
                with pytest.raises(httpx.RemoteProtocolError):
                    await fetch(pool, running)

    with Server(respond) as running:
        run(test)


@pytest.mark.parametrize("traced", [False, True])
@pytest.mark.parametrize("ending", ["cancelled", "timeout"])
def test_a_tls_handshake_that_does_not_complete_leaves_no_connection(run: Run, ending: str, traced: bool) -> None:
    names = []

    async def trace(name: str, info: object) -> None:
        names.append(name)

    more: dict[str, Any] = {"trace": trace} if traced else {}

    async def test() -> None:
        async with AsyncPooledTransport(limits=limits(1)) as pool, anyio.create_task_group() as tasks:
            base = f"https://127.0.0.1:{running.port}"
            if ending == "timeout":
                with pytest.raises(httpx.ConnectTimeout):
                    await pool.handle_async_request(request(base, timeout={"connect": 0.05}, **more))
            else:
                with anyio.CancelScope() as scope:
                    tasks.start_soon(cancel_when_accepted, running, scope)
                    await pool.handle_async_request(request(base, **more))
                assert scope.cancelled_caught
            await running.has_seen_close(0)
            assert await fetch(pool, running) == b"ok"  # the slot is free again

    with Server() as running:
        run(test)
    assert ("connection.start_tls.started" in names) is traced


async def cancel_when_accepted(server: Server, scope: anyio.CancelScope) -> None:
    await server.has_accepted(1)
    await anyio.wait_all_tasks_blocked()
    scope.cancel()


# Closing


def test_closing_ends_every_request_and_the_pool_can_be_used_again(run: Run, server: Server) -> None:
    failed = []

    async def held(pool: AsyncPooledTransport) -> None:
        try:
            await fetch(pool, server, "/held")
        except httpx.TransportError as error:
            failed.append(error)

    async def test() -> None:
        pool = AsyncPooledTransport(limits=limits(3))
        async with anyio.create_task_group() as tasks:
            for response in [await pool.handle_async_request(request(server)) for _ in range(3)]:
                await response.aread()
            tasks.start_soon(held, pool)
            await server.has_served(4)
            await pool.aclose()
        assert len(failed) == 1
        server.go.set()
        await server.has_seen_close(0, 1, 2)
        for response in [await pool.handle_async_request(request(server)) for _ in range(3)]:
            await response.aread()
        await pool.aclose()
        await server.has_seen_close(3, 4, 5)

    run(test)


def test_a_request_whose_connection_is_closed_before_it_is_sent_says_so(server: Server) -> None:
    async def test() -> None:
        pool = AsyncPooledTransport(limits=limits(1))
        await fetch(pool, server)
        task = asyncio.create_task(fetch(pool, server, "/paid", "POST"))
        await asyncio.sleep(0)  # it has its connection now
        await pool.aclose()
        with pytest.raises(httpx.ConnectError, match="before the request was sent"):
            await task
        assert await fetch(pool, server) == b"ok"
        await pool.aclose()

    asyncio.run(test())
    assert "/paid" not in server.paths


# Proxies


def test_a_forward_proxy(run: Run) -> None:
    def respond(connection: Connection, head: bytes) -> bool:
        connection.sock.sendall(RESPONSE if head.startswith(b"GET") else b"HTTP/1.1 403 No\r\n\r\n")
        return head.startswith(b"GET")

    async def test() -> None:
        proxy = httpx.Proxy(f"http://user:pass@127.0.0.1:{running.port}")
        async with AsyncPooledTransport(proxy=proxy) as pool:
            assert await fetch(pool, "http://api.example") == b"ok"
            assert await fetch(pool, "http://api.example") == b"ok"
            with pytest.raises(httpx.ProxyError):
                await fetch(pool, "https://api.example")

    with Server(respond) as running:
        run(test)
    lines = [head.split(b"\r\n")[0] for _, head in running.served]
    assert lines == [b"GET http://api.example/ HTTP/1.1"] * 2 + [b"CONNECT api.example:443 HTTP/1.1"]
    assert [number for number, _ in running.served] == [0, 0, 1]
    assert all(b"Proxy-Authorization: Basic" in head for _, head in running.served)


def test_a_socks_proxy(run: Run, server: Server) -> None:
    async def test() -> None:
        proxy = httpx.Proxy(f"socks5://127.0.0.1:{server.port}")
        if importlib.util.find_spec("socksio") is None:
            with pytest.raises(RuntimeError, match="socksio"):
                AsyncPooledTransport(proxy=proxy)

    run(test)
