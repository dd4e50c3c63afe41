"""How much memory and time the gateway takes for large bodies, against a bare pass-through of the same stack.

    python benchmarks/gateway_stream.py [--mib 1024]

A file goes up as part of a v1 form (received, stored, read, sent on) and untouched (streamed), and a result comes down
through v1's download route. The bare proxy is Starlette and httpx on uvicorn with nothing between them; it streams
both ways. Each server is a process of its own. ``peak_mib`` is the most memory that the gateway had resident during the
transfer, ``peak_mib_more`` how much that was above what it had before. Needs Linux (/proc).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

MIB = 1024 * 1024
PIECE = b"x" * (64 * 1024)
KEY = {"X-Api-Key": "any-key-will-do"}
BOUNDARY = "a-boundary-that-is-in-no-file"


# The API: takes bodies in and throws them away, gives bodies of any size. No emulator, which would count bytes too.


def _api(port: int, size: int) -> None:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse, Response, StreamingResponse
    from starlette.routing import Route

    async def take(request: Request) -> Response:
        async for _ in request.stream():
            continue
        return JSONResponse({"id": "m", "results": [f"http://127.0.0.1:{port}/file"]})

    async def media(request: Request) -> Response:
        return JSONResponse({"id": "m", "processing_status": "success", "result": [f"http://127.0.0.1:{port}/file"]})

    async def file(request: Request) -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(size // len(PIECE)):
                yield PIECE

        return StreamingResponse(pieces(), headers={"Content-Length": str(size)})

    routes = [Route("/file", file), Route("/v2/media/m", media), Route("/{path:path}", take, methods=["POST"])]
    _serve(Starlette(routes=routes), port)


def _bare(port: int, upstream: str) -> None:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response, StreamingResponse
    from starlette.routing import Route

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

    _serve(Starlette(routes=[Route("/{path:path}", forward, methods=["GET", "POST"])]), port)


def _serve(app: object, port: int) -> None:
    import uvicorn
    from vimmerse.compat.gateway.cli import listen

    config = uvicorn.Config(app, http="h11", log_level="error")  # type: ignore[arg-type]  # an ASGI app
    asyncio.run(uvicorn.Server(config).serve(sockets=[listen("127.0.0.1", port)]))


# Measuring


@dataclass
class Process:
    base_url: str
    pid: int

    def reset_peak(self) -> None:
        """From now on :attr:`peak` is the most since now."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    @property
    def peak(self) -> float:
        """The most MiB that were resident."""
        match = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text())
        assert match is not None
        return int(match[1]) / 1024


@contextmanager
def started(*command: str) -> Iterator[Process]:
    port = _free_port()
    argv = [sys.executable, *(part.replace("PORT", str(port)) for part in command)]
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            base_url = f"http://127.0.0.1:{port}"
            _until_up(base_url)
            yield Process(base_url, process.pid)
        finally:
            process.terminate()


def _free_port() -> int:
    from vimmerse.compat.gateway.cli import listen

    with listen("127.0.0.1", 0) as made:
        port: int = made.getsockname()[1]
        return port


def _until_up(base_url: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            httpx.get(f"{base_url}/healthz")
        except httpx.ConnectError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def form(size: int) -> Iterator[bytes]:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="image_files"; filename="a.png"\r\n'
    yield f"{head}Content-Type: image/png\r\n\r\n".encode()
    for _ in range(size // len(PIECE)):
        yield PIECE
    yield f"\r\n--{BOUNDARY}--\r\n".encode()


def up(base_url: str, path: str, size: int) -> None:
    headers = {**KEY, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    answer = httpx.post(base_url + path, content=form(size), headers=headers, timeout=600)
    answer.raise_for_status()


def down(base_url: str, path: str, size: int) -> None:
    with httpx.stream("GET", base_url + path, headers=KEY, timeout=600) as answer:
        answer.raise_for_status()
        received = sum(len(piece) for piece in answer.iter_raw())
    assert received == size, f"{received} of {size} bytes"


def main() -> None:
    parser = argparse.ArgumentParser(description="Memory and throughput of the gateway for large bodies.")
    parser.add_argument("--mib", type=int, default=1024, help="size of each body (default: 1024)")
    parser.add_argument("--role", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    size = options.mib * MIB
    if options.role:
        kind, port, *rest = options.role
        if kind == "api":
            _api(int(port), size)
        else:
            _bare(int(port), rest[0])
        return
    with ExitStack() as stack:
        me = str(Path(__file__).resolve())
        api = stack.enter_context(started(me, "--mib", str(options.mib), "--role", "api", "PORT"))
        bare = stack.enter_context(started(me, "--role", "bare", "PORT", api.base_url))
        gateway = stack.enter_context(
            started("-m", "vimmerse.compat.gateway", "--port", "PORT", "--base-url", api.base_url)
        )
        found: list[dict[str, object]] = []
        for what, transfer, path, bare_path in (
            ("upload, a v1 form with a file", up, "/media", "/media"),
            ("upload, untouched", up, "/image/x", "/image/x"),
            ("download, v1's route", down, "/media/m/download", "/file"),
        ):
            for server in (bare, gateway):  # warm
                up(server.base_url, path, 2 * MIB)
            gateway.reset_peak()
            before = gateway.peak
            seconds = []
            for server, place in ((bare, bare_path), (gateway, path)):
                began = time.perf_counter()
                transfer(server.base_url, place, size)
                seconds.append(time.perf_counter() - began)
            found.append(
                {
                    "what": what,
                    "mib": options.mib,
                    "peak_mib": round(gateway.peak, 1),
                    "peak_mib_more": round(gateway.peak - before, 1),
                    "gateway_mib_per_s": round(options.mib / seconds[1]),
                    "bare_mib_per_s": round(options.mib / seconds[0]),
                    "ratio": round(seconds[0] / seconds[1], 2),
                }
            )
            print(json.dumps(found[-1]), flush=True)


if __name__ == "__main__":
    main()
