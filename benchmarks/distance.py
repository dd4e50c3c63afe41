"""A v1 script over TLS and a network with latency: it creates a story and polls it 20 times."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from benchmarks.clients import SHORT_FORM
from benchmarks.measure import ratio
from benchmarks.processes import Cost, module, port_of, run, server
from benchmarks.table import Row, compared

ROUND_TRIP_MS = 5
POLLS = 20
_SCRIPT = f"""
import sys
BASE = sys.argv[1]
headers = {{"X-Api-Key": "a-key"}}
story = requests.post(BASE + "/story/idea-2-video", headers=headers, data={SHORT_FORM}).json()["data"]
for _ in range({POLLS}):
    story = requests.get(BASE + "/story/" + story["id"], headers=headers).json()["data"]
"""
_HTTPX_SCRIPT = f"""
import ssl, sys
BASE, AUTHORITY = sys.argv[1:]
context = ssl.create_default_context(cafile=AUTHORITY)
client = httpx.Client(TRANSPORT, headers={{"X-Api-Key": "a-key"}})
story = client.post(BASE + "/story/idea-2-video", data={SHORT_FORM}).json()["data"]
for _ in range({POLLS}):
    story = client.get(BASE + "/story/" + story["id"]).json()["data"]
"""


def distance(rounds: int) -> Iterator[Row]:
    """Compare whole processes. The scripts differ in one line."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        authority, certificate = folder / "authority.pem", folder / "server.pem"
        ca = import_module("trustme").CA()  # installed only in the environment of the benchmarks
        ca.cert_pem.write_to_path(authority)
        ca.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(certificate)
        programs = {
            "plain": "import requests\n" + _SCRIPT,
            "drop-in": "from vimmerse.compat import requests\n" + _SCRIPT,
            "httpx": "import httpx\n" + _HTTPX_SCRIPT.replace("TRANSPORT", "verify=context"),
            "transport": "import httpx\nfrom vimmerse.compat import CompatTransport\n"
            + _HTTPX_SCRIPT.replace("TRANSPORT", "transport=CompatTransport(httpx.HTTPTransport(verify=context))"),
        }
        files = {kind: folder / f"script_{kind}.py" for kind in programs}
        for kind, text in programs.items():
            files[kind].write_text(text)
        with server(str(certificate)) as port, module("benchmarks.delay", str(port), str(ROUND_TRIP_MS)) as network:
            base = f"https://127.0.0.1:{port_of(network)}"
            costs: dict[str, list[Cost]] = {kind: [] for kind in programs}
            for turn in range(rounds + 1):
                for kind, file in files.items():
                    arguments = (base,) if kind in ("plain", "drop-in") else (base, str(authority))
                    cost = run(file, *arguments, REQUESTS_CA_BUNDLE=str(authority), VIMMERSE_BASE_URL=base)
                    if turn:  # the first one writes the bytecode
                        costs[kind].append(cost)
    what = f"a v1 script over TLS, {ROUND_TRIP_MS} ms: create and {POLLS} polls"
    yield compared(f"{what}, the drop-in", "requests", ratio(costs["drop-in"], costs["plain"]), 0.6)
    yield compared(f"{what}, CompatTransport", "httpx", ratio(costs["transport"], costs["httpx"]), None)
