"""The pooled transport, over real sockets: which connections it makes, uses and closes."""

from __future__ import annotations

import asyncio
import importlib.util
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any

import anyio
import httpx
import pytest
from vimmerse._http.pool import AsyncPooledTransport

TIMEOUT = 20.0  # seconds; everything here takes milliseconds
RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
BACKENDS = ["asyncio", *(["trio"] if importlib.util.find_spec("trio") else [])]


class Connection:
    """A connection at the server."""

    def __init__(self, server: Server, number: int, sock: socket.socket) -> None:
        self.server, self.number, self.sock = server, number, sock
        self.closed = threading.Event()  # by the client

    def serve(self) -> None:
        keep_open = True
        with suppress(OSError), self.sock, self.sock.makefile("rb") as file:
            while keep_open and (head := self._head(file)):
                with self.server.changed:
                    self.server.served.append((self.number, head))
                    self.server.changed.notify_all()
                keep_open = self.server.respond(self, head)
        if keep_open:
            self.closed.set()
        with self.server.changed:
            self.server.open.discard(self.number)
            self.server.changed.notify_all()

    def _head(self, file: Any) -> bytes:
        lines = []
        while (line := file.readline()) not in (b"\r\n", b""):
            lines.append(line)
        return b"".join(lines)


class Server:
    """Calls ``respond`` for each request, which says whether the connection stays open."""

    def __init__(self, respond: Callable[[Connection, bytes], bool] | None = None) -> None:
        self.respond = respond or self.ok
        self.connections: list[Connection] = []
        self.served: list[tuple[int, bytes]] = []  # number of the connection, request line and headers
        self.open: set[int] = set()
        self.most_open = 0
        self.changed = threading.Condition()
        self.go = threading.Event()  # lets held responses go
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.go.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def ok(self, connection: Connection, head: bytes) -> bool:
        if b"/held" in head:
            self.go.wait(TIMEOUT)
        connection.sock.sendall(RESPONSE)
        return True

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            connection = Connection(self, len(self.connections), sock)
            with self.changed:
                self.connections.append(connection)
                self.open.add(connection.number)
                self.most_open = max(self.most_open, len(self.open))
                self.changed.notify_all()
            threading.Thread(target=connection.serve, daemon=True).start()

    @property
    def paths(self) -> list[str]:
        return [head.split()[1].decode() for _, head in self.served]

    async def has_served(self, count: int) -> None:
        await in_thread(self._wait, lambda: len(self.served) >= count)

    async def has_accepted(self, count: int) -> None:
        await in_thread(self._wait, lambda: len(self.connections) >= count)

    async def has_seen_close(self, *numbers: int) -> None:
        for number in numbers:
            assert await in_thread(self.connections[number].closed.wait, TIMEOUT)

    def _wait(self, condition: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(condition, TIMEOUT)


async def in_thread(function: Callable[..., Any], *arguments: Any) -> Any:
    return await anyio.to_thread.run_sync(function, *arguments)


def limits(connections: int | None = 10, idle: int | None = 10, expiry: float | None = None) -> httpx.Limits:
    return httpx.Limits(max_connections=connections, max_keepalive_connections=idle, keepalive_expiry=expiry)


def request(server: Server | str, path: str = "/", method: str = "GET", **more: Any) -> httpx.Request:
    base = server if isinstance(server, str) else f"http://127.0.0.1:{server.port}"
    extensions = {"timeout": {"connect": TIMEOUT, "read": TIMEOUT, "write": TIMEOUT, "pool": TIMEOUT}}
    return httpx.Request(method, base + path, extensions={**extensions, **more})


async def fetch(pool: AsyncPooledTransport, server: Server | str, path: str = "/", method: str = "GET") -> bytes:
    return await (await pool.handle_async_request(request(server, path, method))).aread()


@pytest.fixture(params=BACKENDS)
def run(request: pytest.FixtureRequest) -> Callable[[Callable[[], Awaitable[None]]], None]:
    return lambda test: anyio.run(test, backend=request.param)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


Run = Callable[[Callable[[], Awaitable[None]]], None]


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


# Cancellation


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
            await in_thread(running._wait, lambda: running.open == {2})
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
                await in_thread(running._wait, lambda: 0 not in running.open)
            assert await fetch(pool, running, "/paid", "POST") == b"ok"

    with Server(respond) as running:
        run(test)
    assert [(number, head.split()[1]) for number, head in running.served] == [(0, b"/"), (1, b"/paid")]


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
            with pytest.raises(httpx.LocalProtocolError):
                bad = request(server)
                bad.headers["X"] = "a\nb"
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
