"""What other people on a machine can see of a program: its arguments, its title, its crash."""

from __future__ import annotations

import ast
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from vimmerse.emulator import AT_ONCE, Emulator

from tests.keys.canary import CANARY
from tests.sampling import sampled

pytestmark = pytest.mark.slow

VIMMERSE = [sys.executable, "-c", "import sys; from vimmerse.cli import main; sys.exit(main())"]
TOKEN = f"token-{CANARY}"

CRASH = """
import os, sys, logging, warnings
import httpx, requests
logging.basicConfig(level=logging.DEBUG)
warnings.simplefilter("always")
base, key = os.environ["VIMMERSE_BASE_URL"], os.environ["VIMMERSE_API_KEY"]
answer = requests.post(base + "/media", data={"prompt": "x", "motion_type": "RunwayML"})
assert answer.ok, answer.status_code
print(answer.json()["data"]["id"], file=sys.stderr)
how = sys.argv[1]
if how == "strict":
    requests.post(base + "/media", data={"motion_type": "Parallax"}, headers={"X-Api-Key": key})
elif how == "unreadable":
    httpx.get(base + "/media/broken", headers={"X-Api-Key": key})
elif how == "status":
    requests.get(base + "/media/none/download", headers={"X-Api-Key": key}).raise_for_status()
elif how == "reset":
    httpx.get(base + "/media/reset", headers={"X-Api-Key": key})
"""


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(transition=AT_ONCE) as running:
        yield running


def environment(emulator: Emulator) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "HOME") if name in os.environ}
    return {
        **kept,
        "VIMMERSE_API_KEY": CANARY,
        "VIMMERSE_GATEWAY_TOKEN": TOKEN,
        "VIMMERSE_BASE_URL": emulator.base_url,
    }


@pytest.mark.parametrize(
    ("how", "last"),
    sampled(
        [
            ("strict", "StrictModeError"),
            ("unreadable", "UpstreamError"),
            ("status", "HTTPError"),
            ("reset", "ReadError"),
        ],
        2,
    ),
)
def test_a_crash_under_vimmerse_run(emulator: Emulator, tmp_path: Path, how: str, last: str) -> None:
    """Every warning shown, every logger at DEBUG, a traceback at the end."""
    emulator.reset()
    emulator.faults.add(("GET", "/v2/media/broken"), "null")
    emulator.faults.add(("GET", "/v2/media/reset"), "reset")
    script = tmp_path / "program.py"
    script.write_text(CRASH.replace('"RunwayML"', '"Auto"') if how == "strict" else CRASH)
    mode = ["--mode", "strict"] if how == "strict" else []
    done = subprocess.run(
        [*VIMMERSE, "run", "--trace", *mode, str(script), how],
        env=environment(emulator),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    traceback, _, summary = done.stderr.rpartition("vimmerse run: ")
    assert last in traceback.splitlines()[-1]
    assert " failed" in summary.splitlines()[0]
    assert emulator.requests[0].header("X-Api-Key") == CANARY
    assert CANARY not in done.stdout + done.stderr


@pytest.mark.parametrize("debug", [[], ["--debug"]])
def test_a_command_that_fails(emulator: Emulator, debug: list[str]) -> None:
    emulator.reset()
    emulator.faults.add(kind="status", status=401, body={"message": f"{CANARY} is unknown", "code": "UNAUTHORIZED"})
    done = subprocess.run(
        [*VIMMERSE, "media", "get", "x", "--json", *debug],
        env=environment(emulator),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 3
    assert emulator.requests[0].header("X-Api-Key") == CANARY
    assert CANARY not in done.stdout + done.stderr


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc")
@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["run", "-c", "import time; time.sleep(60)"]])
def test_arguments_and_title_show_no_key(emulator: Emulator, command: list[str]) -> None:
    running = subprocess.Popen(
        [*VIMMERSE, *command], env=environment(emulator), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert running.stdout is not None
        reported = [running.stdout.readline() for _ in range(2)] if command[0] == "serve" else []
        shown = [Path(f"/proc/{running.pid}/{name}").read_text() for name in ("cmdline", "comm", "stat")]
    finally:
        running.send_signal(signal.SIGTERM)
        rest, _ = running.communicate(timeout=60)
    for text in [*reported, *shown, rest]:
        assert CANARY not in text


def test_no_child_gets_a_key_that_it_did_not_have() -> None:
    """Three modules start programs, and none sets a key in the environment; ``vimmerse demo`` sets a made-up one."""
    home = Path(__file__).resolve().parents[2] / "compat" / "vimmerse"
    starts, sets = set(), set()
    for path in home.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if _STARTS_PROGRAMS.intersection(_names(node)):
                starts.add(path.relative_to(home).as_posix())
            if _sets_environment(node):
                sets.add(path.relative_to(home).as_posix())
    # git, with the user's environment; the user's program and `vimmerse batch`, each with a made-up key.
    programs = {"compat/migrate/migration/git.py", "compat/migrate/proof/runs.py", "cli/batch_demo.py"}
    assert starts == programs
    # The settings of a run, which contain no key (tests/entry_points/test_children.py), and the made-up keys.
    demos = {"cli/demo.py", "cli/batch_demo.py"}
    assert sets == {*demos, "compat/process/children.py", "compat/migrate/proof/child.py"}


_STARTS_PROGRAMS = {"subprocess", "multiprocessing", "system", "popen", "posix_spawn", "posix_spawnp", "putenv"} | {
    f"{kind}{how}" for kind in ("exec", "spawn") for how in ("v", "ve", "vp", "vpe", "l", "le", "lp", "lpe")
}


def _names(node: ast.AST) -> set[str]:
    """The modules that a statement imports, and the functions of os that an expression names."""
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").partition(".")[0], *(alias.name for alias in node.names if node.module == "os")}
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os":
        return {node.attr}
    return set()


def _sets_environment(node: ast.AST) -> bool:
    """Whether a variable is set: ``environ[name] = ...``, ``environ.update(...)`` and the like."""
    if isinstance(node, ast.Subscript):
        return isinstance(node.ctx, ast.Store) and ast.unparse(node.value) in ("os.environ", "environ", "environment")
    if isinstance(node, ast.Call):
        return re.fullmatch(r"(os\.)?environ\.(update|setdefault)", ast.unparse(node.func)) is not None
    return False
