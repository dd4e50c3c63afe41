"""The length of the program "make a video from an idea and save it" with each SDK, in ``first_video/``.

    scripts/bench lines                        run each program, and print the table
    python -m benchmarks.lines PROGRAM         run one, in the current folder: ours against the emulator, the others
                                               against stored responses

The rules, which are the same for all:

* The program is the one that the SDK's documentation shows, with its shortest helper; the page is in the first line.
  The key is in the environment. The finished job gets a name, other values only where they are needed twice.
* An SDK that has no helper for the download uses ``urlretrieve``, which is shorter than what their pages show.
* ``ruff format`` makes the same lines of it with 88 columns as with 120.
* Comments and blank lines are not counted; a line of a statement that takes several is. A compound statement counts as
  one, and its body besides.
"""

from __future__ import annotations

import ast
import importlib
import io
import os
import re
import runpy
import subprocess
import sys
import tempfile
import time
import tokenize
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.processes import ROOT, environment
from benchmarks.server import JOB

FOLDER = Path(__file__).with_name("first_video")
OURS = FOLDER / "with_vimmerse.py"
IDEA = "A paper boat at sea"
FILE = "boat.mp4"
_URL = f"https://files.test/{FILE}"
#: For each other SDK the variable of its key, and a finished job as its service sends it.
FINISHED: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "fal": ("FAL_KEY", {**JOB, "status": "COMPLETED", "logs": [], "video": {"url": _URL}}),
    "lumaai": ("LUMAAI_API_KEY", {**JOB, "state": "completed", "assets": {"video": _URL}}),
    "openai": ("OPENAI_API_KEY", {**JOB, "status": "completed"}),
    "replicate": ("REPLICATE_API_TOKEN", {**JOB, "status": "succeeded", "output": _URL}),
    "runwayml": ("RUNWAYML_API_SECRET", {**JOB, "status": "SUCCEEDED", "output": [_URL]}),
}
_NO_CODE = frozenset(
    {
        tokenize.COMMENT,
        tokenize.DEDENT,
        tokenize.ENCODING,
        tokenize.ENDMARKER,
        tokenize.INDENT,
        tokenize.NEWLINE,
        tokenize.NL,
    }
)


@dataclass(frozen=True)
class Length:
    """What is counted of a program. ``imports`` are import statements, ``names`` what they import."""

    lines: int
    statements: int
    imports: int
    names: int


def length(text: str) -> Length:
    """Count a program's text."""
    nodes = list(ast.walk(ast.parse(text)))
    imports = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    tokens = [token for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type not in _NO_CODE]
    return Length(
        lines=len({line for token in tokens for line in range(token.start[0], token.end[0] + 1)}),
        statements=sum(isinstance(node, ast.stmt) for node in nodes),
        imports=len(imports),
        names=sum(len(node.names) for node in imports),
    )


def sdk(program: Path) -> str:
    """The name of a program's SDK."""
    return program.stem.removeprefix("with_")


def programs() -> list[Path]:
    """Every program, ours first."""
    return [OURS, *sorted(path for path in FOLDER.glob("with_*.py") if path != OURS)]


def table() -> str:
    """The lengths as a Markdown table. The versions are those of the lock file."""
    lock = Path(__file__).with_name("requirements.txt").read_text()
    rows = ["| program | lines | statements | imports | names imported |", "| --- | --- | --- | --- | --- |"]
    for program in programs():
        counted = length(program.read_text())
        locked = re.search(rf"^({sdk(program)}(?:-client)?)==(\S+)", lock, re.MULTILINE)
        name = f"{locked[1]} {locked[2]}" if locked else f"**{sdk(program)}**"
        link = f"[{name}](first_video/{program.name})"
        rows.append(f"| {link} | {counted.lines} | {counted.statements} | {counted.imports} | {counted.names} |")
    return "\n".join(rows)


def run(program: Path) -> None:
    """Run a program in the current folder. No request leaves this process, except to the emulator."""
    time.sleep = lambda seconds: None
    if program == OURS:
        from vimmerse.emulator import Emulator

        with Emulator() as emulator:
            os.environ |= {"VIMMERSE_API_KEY": "a-key", "VIMMERSE_BASE_URL": emulator.base_url}
            runpy.run_path(str(program), run_name="__main__")
        return
    key, job = FINISHED[sdk(program)]
    os.environ[key] = "key_a"
    http = importlib.import_module("httpx2" if sdk(program) == "openai" else "httpx")

    def respond(_: object, request: Any) -> Any:
        is_file = request.url.path.endswith(("/content", FILE))
        return http.Response(200, content=b"a video") if is_file else http.Response(200, json=job)

    http.HTTPTransport.handle_request = respond
    urllib.request.urlretrieve = lambda url, path: Path(path).write_bytes(b"a video")  # type: ignore[assignment, misc]
    runpy.run_path(str(program), run_name="__main__")


def main() -> int:
    """Run each program, and print the table."""
    for program in programs():
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-W", "ignore", "-m", "benchmarks.lines", str(program)]
            subprocess.run(command, cwd=folder, env=environment(PYTHONPATH=str(ROOT)), check=True)
            if not Path(folder, FILE).stat().st_size:
                raise RuntimeError(f"{program.name} saved nothing")
    print(table())
    return 0


if __name__ == "__main__":
    run(Path(sys.argv[1]).resolve())
