"""What stands between a caller and the server: the gateway, and a bare proxy of the same stack.

    python -m benchmarks.proxies BASE_URL      the bare proxy: Starlette and httpx on uvicorn, and nothing between them

It prints its port once it listens, and ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from benchmarks.processes import ROOT, environment, module, port_of


@contextmanager
def bare(base_url: str) -> Iterator[tuple[int, int]]:
    """The bare proxy; gives its port and its process."""
    with module("benchmarks.proxies", base_url) as process:
        yield port_of(process), process.pid


@contextmanager
def gateway(base_url: str) -> Iterator[tuple[int, int]]:
    """``vimmerse serve``, as it is by default; gives its port and its process."""
    command = [sys.executable, "-m", "vimmerse.compat.gateway", "--port", "0", "--base-url", base_url]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            match = re.search(r"http://[^ ]*:(\d+) ->", line)
            if match is None:
                raise RuntimeError(f"the gateway has not started: {line}{process.stderr.read()}")
            yield int(match[1]), process.pid
        finally:
            process.terminate()


def _serve(upstream: str) -> None:
    import httpx
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response, StreamingResponse
    from starlette.routing import Route
    from vimmerse.compat.gateway.cli import listen

    transport = httpx.AsyncHTTPTransport()

    async def forward(request: Request) -> Response:
        headers = [pair for pair in request.headers.raw if pair[0] != b"host"]
        native = await transport.handle_async_request(
            httpx.Request(request.method, upstream + request.url.path, headers=headers, content=request.stream())
        )

        async def pieces() -> AsyncIterator[bytes]:
            async for piece in native.aiter_raw():
                yield piece
            await native.aclose()

        return StreamingResponse(pieces(), native.status_code, dict(native.headers))

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
    _serve(sys.argv[1])
