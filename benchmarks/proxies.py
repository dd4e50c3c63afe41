"""The gateway, and a bare proxy with the same stack.

    python -m benchmarks.proxies BASE_URL              the bare proxy: Starlette and httpx on uvicorn
    python -m benchmarks.proxies BASE_URL --store      the same, but it stores a body before it forwards it

Prints its port when it listens; ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import contextmanager
from typing import IO

from benchmarks.processes import ROOT, environment, module, port_of

Headers = list[tuple[bytes, bytes]]

_CHUNK = 256 * 1024


@contextmanager
def bare(base_url: str, *, store: bool = False) -> Iterator[tuple[int, int]]:
    """Run the bare proxy; yields its port and process id. ``store``: it stores a body before it forwards it."""
    with module("benchmarks.proxies", base_url, *(["--store"] if store else [])) as process:
        yield port_of(process), process.pid


@contextmanager
def gateway(base_url: str) -> Iterator[tuple[int, int]]:
    """Run ``vimmerse serve`` with its defaults; yields its port and process id."""
    command = [sys.executable, "-m", "vimmerse.compat.gateway", "--port", "0", "--base-url", base_url]
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


async def _read(file: IO[bytes]) -> AsyncIterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk


def _serve(upstream: str, *, store: bool) -> None:
    import httpx
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response, StreamingResponse
    from starlette.routing import Route
    from vimmerse._server import listen

    transport = httpx.AsyncHTTPTransport()

    async def send(request: Request, headers: Headers, content: AsyncIterable[bytes]) -> Response:
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
        if not store:
            return await send(request, headers, request.stream())
        with tempfile.TemporaryFile() as file:
            async for chunk in request.stream():
                file.write(chunk)
            headers = [pair for pair in headers if pair[0] not in (b"transfer-encoding", b"content-length")]
            headers.append((b"content-length", str(file.tell()).encode()))
            return await send(request, headers, _read(file))

    app = Starlette(routes=[Route("/{path:path}", forward, methods=["GET", "POST"])])
    listener = listen("127.0.0.1", 0)
    print(listener.getsockname()[1], flush=True)
    server = uvicorn.Server(uvicorn.Config(app, http="h11", log_level="error", access_log=False))

    async def run() -> None:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        server.should_exit = True
        await serving

    asyncio.run(run())


if __name__ == "__main__":
    _serve(sys.argv[1], store="--store" in sys.argv)
