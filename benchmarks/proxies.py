"""The gateway, and what it is compared with: proxies that do nothing else.

    python -m benchmarks.proxies BASE_URL              Starlette and httpx on uvicorn, with asyncio and h11
    python -m benchmarks.proxies BASE_URL --fast       the same on uvloop and httptools
    python -m benchmarks.proxies BASE_URL --store      the first, but it stores a body before it forwards it
    python -m benchmarks.proxies BASE_URL --aiohttp    aiohttp's server and client

Each prints its port when it listens, and ends when its standard input does. The upstream pools have room for 1,024
connections, open and idle, as the gateway's.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterable, AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from benchmarks.processes import ROOT, environment, module, port_of

Headers = list[tuple[bytes, bytes]]

CONNECTIONS = 1024
_CHUNK = 256 * 1024
_NGINX = """\
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log stderr error;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    keepalive_requests 1000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream api {{ server {upstream}; keepalive {connections}; keepalive_requests 1000000; }}
    server {{
        listen 127.0.0.1:{port} backlog=1024;
        location / {{ proxy_pass http://api; proxy_http_version 1.1; proxy_set_header Connection ""; }}
    }}
}}
"""


@contextmanager
def bare(base_url: str, *, store: bool = False, kind: str = "", tool: Sequence[str] = ()) -> Iterator[tuple[int, int]]:
    """Run a proxy of this module; yields its port and process id. ``kind``: ``--fast`` or ``--aiohttp``."""
    options = [option for option in ("--store" if store else "", kind) if option]
    with module("benchmarks.proxies", base_url, *options, tool=tool) as process:
        yield port_of(process), process.pid


@contextmanager
def gateway(base_url: str, *, tool: Sequence[str] = ()) -> Iterator[tuple[int, int]]:
    """Run ``vimmerse serve`` with its defaults; yields its port and process id."""
    command = [*tool, sys.executable, "-m", "vimmerse.compat.gateway", "--port", "0", "--base-url", base_url]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            match = re.search(r"http://[^ ]*:(\d+) ->", line)
            if match is None:
                raise RuntimeError(f"the gateway did not start: {line}{process.stderr.read()}")
            yield int(match[1]), process.pid
        finally:
            process.terminate()


def has_nginx() -> bool:
    """Whether nginx is installed (Debian's package ``nginx-light``, for example)."""
    return shutil.which("nginx") is not None


@contextmanager
def nginx(base_url: str) -> Iterator[tuple[int, int]]:
    """Run nginx with one worker; yields its port and the worker's process id. Linux only."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "nginx.conf")
        upstream = base_url.removeprefix("http://")
        config.write_text(_NGINX.format(folder=folder, upstream=upstream, port=port, connections=CONNECTIONS))
        with subprocess.Popen(["nginx", "-p", folder, "-c", config], stderr=subprocess.PIPE, text=True) as process:
            try:
                children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
                while not (workers := children.read_text().split()):
                    if process.poll() is not None:
                        raise RuntimeError(f"nginx did not start: {process.stderr.read() if process.stderr else ''}")
                yield port, int(workers[0])
            finally:
                process.terminate()


async def _read(file: IO[bytes]) -> AsyncIterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk


def _serve(upstream: str, *, store: bool, fast: bool) -> None:
    import httpx
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response, StreamingResponse
    from starlette.routing import Route
    from vimmerse._server import listen

    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    transport = httpx.AsyncHTTPTransport(limits=limits)

    async def send(request: Request, headers: Headers, content: AsyncIterable[bytes] | None) -> Response:
        response = await transport.handle_async_request(
            httpx.Request(request.method, upstream + request.url.path, headers=headers, content=content)
        )

        async def chunks() -> AsyncIterator[bytes]:
            async for chunk in response.aiter_raw():
                yield chunk
            await response.aclose()

        return StreamingResponse(chunks(), response.status_code, dict(response.headers))

    async def forward(request: Request) -> Response:
        headers = [pair for pair in request.headers.raw if pair[0] != b"host"]
        has_body = "content-length" in request.headers or "transfer-encoding" in request.headers
        if not store or not has_body:
            return await send(request, headers, request.stream() if has_body else None)
        with tempfile.TemporaryFile() as file:
            async for chunk in request.stream():
                file.write(chunk)
            headers = [pair for pair in headers if pair[0] not in (b"transfer-encoding", b"content-length")]
            headers.append((b"content-length", str(file.tell()).encode()))
            return await send(request, headers, _read(file))

    app = Starlette(routes=[Route("/{path:path}", forward, methods=["GET", "POST"])])
    listener = listen("127.0.0.1", 0)
    print(listener.getsockname()[1], flush=True)
    loop, http = ("uvloop", "httptools") if fast else ("asyncio", "h11")
    config = uvicorn.Config(app, loop=loop, http=http, log_level="error", access_log=False)
    server = uvicorn.Server(config)

    async def run() -> None:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        await _end_of_input()
        server.should_exit = True
        await serving

    if fast:
        import uvloop

        uvloop.run(run())
    else:
        asyncio.run(run())


def _serve_aiohttp(upstream: str) -> None:
    import aiohttp
    from aiohttp import web
    from vimmerse._server import listen

    async def run() -> None:
        connector = aiohttp.TCPConnector(limit=CONNECTIONS)
        async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as session:

            async def forward(request: web.Request) -> web.StreamResponse:
                headers = [(name, value) for name, value in request.headers.items() if name.lower() != "host"]
                content = request.content if request.body_exists else None
                async with session.request(
                    request.method, upstream + request.path, headers=headers, data=content
                ) as got:
                    response = web.StreamResponse(status=got.status, headers=got.headers)
                    await response.prepare(request)
                    async for chunk in got.content.iter_any():
                        await response.write(chunk)
                    return response

            app = web.Application()
            app.router.add_route("*", "/{path:.*}", forward)
            runner = web.AppRunner(app, access_log=None)
            await runner.setup()
            listener = listen("127.0.0.1", 0)
            await web.SockSite(runner, listener).start()
            print(listener.getsockname()[1], flush=True)
            await _end_of_input()
            await runner.cleanup()

    asyncio.run(run())


async def _end_of_input() -> None:
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    if "--aiohttp" in sys.argv:
        _serve_aiohttp(sys.argv[1])
    else:
        _serve(sys.argv[1], store="--store" in sys.argv, fast="--fast" in sys.argv)
