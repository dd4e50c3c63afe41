"""The programs of ``benchmarks/first_video`` are comparable, and counted right."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from dataclasses import astuple
from pathlib import Path

import pytest

from benchmarks import clients, lines
from benchmarks.processes import ROOT, environment

pytestmark = pytest.mark.slow

EXAMPLE = """
# a page
import a, b
from c import d  # why

if a(
    b,
):
    d = '''x

y'''
"""


def test_lines_of_code_are_counted() -> None:
    assert lines.length(EXAMPLE) == lines.Length(lines=8, statements=4, imports=2, names=3)


def test_every_peer_has_a_program() -> None:
    peers = {peer.name.removesuffix("_client") for peer in clients.PEERS}
    assert {lines.sdk(path) for path in lines.programs()} == {"vimmerse", *peers}
    assert lines.FINISHED.keys() == peers


def test_no_program_is_shorter_than_ours() -> None:
    ours, *others = [astuple(lines.length(path.read_text())) for path in lines.programs()]
    for other in others:
        assert all(mine <= theirs for mine, theirs in zip(ours, other, strict=True)), (ours, other)


@pytest.mark.parametrize("program", lines.programs(), ids=lines.sdk)
def test_programs_do_the_same(program: Path) -> None:
    text = program.read_text()
    assert re.match(r"# (https://\S+|README\.md)\n", text)
    assert [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)].count(lines.IDEA) == 1
    assert text.count(f'"{lines.FILE}"') == 1


@pytest.mark.parametrize("width", [88, 120])
def test_programs_are_formatted_alike(width: int) -> None:
    pytest.importorskip("ruff", reason="ruff formats the programs")
    command = [sys.executable, "-m", "ruff", "format", "--no-cache", "--diff", f"--line-length={width}"]
    done = subprocess.run([*command, str(lines.FOLDER)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_our_program_saves_a_video(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.lines", str(lines.OURS)]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment(PYTHONPATH=str(ROOT)), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [lines.FILE]
    assert (tmp_path / lines.FILE).stat().st_size > 0


def test_documented_table_is_that_of_the_programs() -> None:
    assert lines.table() in (ROOT / "benchmarks/README.md").read_text()
