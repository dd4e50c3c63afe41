"""Imports, and programs from their start to the first response, each in new processes, in turn."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks import clients
from benchmarks.clients import PEERS, Client
from benchmarks.measure import ratio
from benchmarks.processes import Cost, environment, run, server
from benchmarks.table import Row, compared

_PEER_MODULES = [peer.name for peer in PEERS]


def _in_turn(programs: Mapping[str, Path], rounds: int) -> dict[str, list[Cost]]:
    for program in programs.values():  # writes the bytecode
        run(program)
    costs: dict[str, list[Cost]] = {name: [] for name in programs}
    names = list(programs)
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            costs[name].append(run(programs[name]))
    return costs


def imports(rounds: int) -> Iterator[Row]:
    """A process that only imports."""
    modules = ["httpx", "vimmerse.v2", "vimmerse.compat", *_PEER_MODULES]
    texts = {name: f"import {name}" for name in modules} | {clients.RESOURCE.name: clients.RESOURCE.imports}
    with tempfile.TemporaryDirectory() as folder:
        costs = _in_turn(_written(Path(folder), texts), rounds)
    for name, target in (("vimmerse.v2", 0.30), ("vimmerse.compat", 0.30), (clients.RESOURCE.name, None)):
        yield compared(texts[name], "import httpx", ratio(costs[name], costs["httpx"]), target)
    for name in _PEER_MODULES:
        yield compared("import vimmerse.v2", f"import {name}", ratio(costs["vimmerse.v2"], costs[name]), 1.0)
    # The packages differ in what they load lazily: so these have all that a call needs.
    with tempfile.TemporaryDirectory() as folder:
        ready = {
            client.name: client.program("http://127.0.0.1:9", client.ready) for client in (clients.RESOURCE, *PEERS)
        }
        costs = _in_turn(_written(Path(folder), ready), rounds)
    for peer in PEERS:
        cost = ratio(costs[clients.RESOURCE.name], costs[peer.name])
        yield compared("client, operation and models loaded: Vimmerse", peer.name, cost, 1.0)


_COMMAND = """
import sys
from vimmerse.cli import main
sys.argv[1:] = {arguments!r}
sys.exit(main())
"""


def commands(rounds: int) -> Iterator[Row]:
    """The command line, from its start to its end."""
    with tempfile.TemporaryDirectory() as folder:
        hello = Path(folder, "hello.py")
        texts = {"python hello.py": "print('hello')", "import click": "import click"}
        arguments = {"--help": ["--help"], "run hello.py": ["run", str(hello)], "check --help": ["check", "--help"]}
        texts |= {name: _COMMAND.format(arguments=words) for name, words in arguments.items()}
        hello.write_text(texts["python hello.py"])
        costs = _in_turn(_written(Path(folder), texts), rounds)
    for mine, other, target in (
        ("--help", "python hello.py", 3.0),
        ("run hello.py", "python hello.py", 2.0),
        ("check --help", "import click", None),
    ):
        yield compared(f"vimmerse {mine}", other, ratio(costs[mine], costs[other]), target)


def starts(rounds: int) -> Iterator[Row]:
    """A program that makes one call."""
    measured: Sequence[Client] = (
        clients.RAW_V2,
        clients.RESOURCE,
        clients.TYPED_V2,
        clients.RAW_V1,
        clients.TRANSPORT,
        clients.RAW_REQUESTS,
        clients.DROP_IN,
        *PEERS,
    )
    with server() as port, tempfile.TemporaryDirectory() as folder:
        base = f"http://127.0.0.1:{port}"
        programs = _written(Path(folder), {client.name: client.program(base) for client in measured})
        costs = _in_turn(programs, rounds)
    what = "start to first response: "
    for mine, other, target in (
        (clients.RESOURCE, clients.RAW_V2, 1.30),
        (clients.TYPED_V2, clients.RAW_V2, 1.30),
        (clients.TRANSPORT, clients.RAW_V1, 1.30),
        (clients.DROP_IN, clients.RAW_REQUESTS, 1.20),
        *((clients.RESOURCE, peer, 1.0) for peer in PEERS),
    ):
        yield compared(what + mine.name, other.name, ratio(costs[mine.name], costs[other.name]), target)


# A socket is the client of both, so that no client's import is measured. Both programs end with the response.
_FIRST_REQUEST = """
import os, socket
with socket.create_connection(address) as client:
    body = b'{"prompt": "x"}'
    head = b"POST /v2/media HTTP/1.1\\r\\nHost: x\\r\\nX-Api-Key: k\\r\\nContent-Type: application/json\\r\\n"
    client.sendall(head + b"Content-Length: %d\\r\\n\\r\\n" % len(body) + body)
    assert client.recv(65536).startswith(b"HTTP/1.1 200 ")
os._exit(0)
"""
EMULATOR = f"""
from vimmerse.emulator import Emulator
emulator = Emulator().start()
address = "127.0.0.1", int(emulator.base_url.rpartition(":")[2])
{_FIRST_REQUEST}"""
ONE_ROUTE = f"""
import socket, threading
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

async def create(request):
    return JSONResponse(await request.json())

app = Starlette(routes=[Route("/v2/media", create, methods=["POST"])])
server = uvicorn.Server(uvicorn.Config(app, http="h11", ws="none", lifespan="off", log_config=None))
listener = socket.create_server(("127.0.0.1", 0))
address = listener.getsockname()
threading.Thread(target=server.run, args=([listener],), daemon=True).start()
{_FIRST_REQUEST}"""


def emulators(rounds: int) -> Iterator[Row]:
    """The emulator from nothing to its first response, beside a server with a single route."""
    with tempfile.TemporaryDirectory() as folder:
        costs = _in_turn(_written(Path(folder), {"emulator": EMULATOR, "one route": ONE_ROUTE}), rounds)
    cost = ratio(costs["emulator"], costs["one route"])
    yield compared("start to first response: the emulator", "one route on Starlette and uvicorn", cost, 1.0)


def _written(folder: Path, programs: Mapping[str, str]) -> dict[str, Path]:
    paths: dict[str, Path] = {}
    for index, (name, text) in enumerate(programs.items()):
        paths[name] = folder / f"program{index}.py"
        paths[name].write_text(text)
    return paths


_LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| (\s*)(\S+)")


def breakdown(program: str, base: str = "", times: int = 7) -> str:
    """The modules that an import statement loads in addition to those of ``base``, with the time of each."""
    known, all_times = _self_times(base or "pass", times), _self_times(program, times)
    new = {name: cost for name, cost in all_times.items() if name not in known}
    lines = [f"{sum(known.values()) / 1000:8.1f} ms  {base or 'the interpreter'}"]
    lines.append(f"{sum(new.values()) / 1000:8.1f} ms  more with {program}")
    lines.extend(f"{cost / 1000:8.2f} ms  {name}" for name, cost in sorted(new.items(), key=lambda item: -item[1])[:40])
    return "\n".join(lines)


def _self_times(program: str, times: int) -> dict[str, int]:
    least: dict[str, int] = {}
    for _ in range(times + 1):  # the first writes the bytecode
        command = [sys.executable, "-X", "importtime", "-c", program]
        output = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True).stderr
        for line in output.splitlines():
            match = _LINE.match(line)
            if match is not None:
                name, cost = match[4], int(match[1])
                least[name] = min(cost, least.get(name, cost))
    return least
