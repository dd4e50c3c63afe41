"""What other tools make of the published specs: Redocly, Spectral, two generators of TypeScript clients, and Prism.

They read the documents without YAML's merge keys that the packages contain. Needs Node.js 20 or newer and
``tests/contract/node/node_modules``, which ``scripts/contract`` installs from the lock file there.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from vimmerse.v2 import Vimmerse

from tests.resources.calls import ROWS, Row

HOME = Path(__file__).resolve().parents[2]
NODE = HOME / "tests" / "contract" / "node"
BIN = NODE / "node_modules" / ".bin"
VERSIONS = ("v1", "v2")
pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed"),
    pytest.mark.skipif(not BIN.exists(), reason="the tools are not installed: scripts/contract installs them"),
]


def published(version: str) -> Path:
    """The document of a version."""
    return HOME / "generated" / "vimmerse" / version / "openapi.json"


def run(tool: str, *arguments: str | Path) -> str:
    """What a tool prints. It must succeed."""
    done = subprocess.run([BIN / tool, *arguments], cwd=NODE, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("version", VERSIONS)
def test_redocly_finds_nothing(version: str) -> None:
    found = json.loads(run("redocly", "lint", "--config", "redocly.yaml", "--format", "json", published(version)))
    assert (found["problems"], found["totals"]["warnings"]) == ([], 0)


@pytest.mark.parametrize("version", VERSIONS)
def test_spectral_finds_nothing(version: str) -> None:
    options = ("--ruleset", "spectral.yaml", "--format", "json", "--fail-severity", "hint", "--quiet")
    assert json.loads(run("spectral", "lint", *options, published(version)).partition("\n")[0] or "[]") == []


@pytest.mark.parametrize("version", VERSIONS)
def test_typescript_of_two_generators_compiles(version: str, tmp_path: Path) -> None:
    run("openapi-typescript", published(version), "--output", tmp_path / "schema.ts")
    run("openapi-ts", "--input", published(version), "--output", tmp_path / "client")
    config = {"extends": str(NODE / "tsconfig.json"), "include": [str(tmp_path)]}
    (tmp_path / "tsconfig.json").write_text(json.dumps(config), encoding="utf-8")
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    run("tsc", "--project", tmp_path / "tsconfig.json")
    operations = [each for path in _document(version)["paths"].values() for each in path.values() if "tags" in each]
    client = (tmp_path / "client" / "sdk.gen.ts").read_text(encoding="utf-8")
    assert client.count("export const ") >= len(operations)


def _document(version: str) -> Any:
    return json.loads(published(version).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def prism() -> Iterator[str]:
    """A server of Prism's, which checks each request by the spec and responds with its examples."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(BIN / "prism"), "mock", "--errors", "--host", "127.0.0.1", "--port", str(port), str(published("v2"))]
    server = subprocess.Popen(command, cwd=NODE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(600):
            assert server.poll() is None, "Prism has ended"
            try:
                httpx.get(url)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield url
    finally:
        server.terminate()
        server.wait()


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.method}-{index}" for index, row in enumerate(ROWS)])
def test_the_typed_client_and_prism_understand_each_other(row: Row, prism: str) -> None:
    with httpx.Client() as http:
        assert http.get(f"{prism}/v2/story/s1").status_code == 401  # Prism checks
    client = Vimmerse(base_url=prism, api_key="a-key")
    try:
        method = getattr(getattr(client, row.resource).with_raw_response, row.name)
        response = method(**row.arguments)
    finally:
        client.close()
    assert response.status_code == 200
    shown = response.parsed
    assert shown is None or shown.to_dict() == json.loads(response.content)
