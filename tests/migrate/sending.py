"""Whether a migrated program sends what the original sends through the shim."""

from __future__ import annotations

from textwrap import dedent

from vimmerse.compat.migrate.rewrite import Rewrite, rewrite

from tests.migrate.test_generated import execute

HEAD = "import json, requests, httpx\nROOT = 'https://api.vimmerse.net'\nH = {'X-Api-Key': 'a-key-of-the-tests'}\n"


def migrated(code: str) -> tuple[str, Rewrite]:
    """The migrated program, and the result."""
    result = rewrite({"program.py": code})
    assert result.errors == {}
    return result.sources.get("program.py", code), result


def sends_the_same(program: str) -> None:
    """Run a program before and after: the same requests are sent, and a second migration changes nothing."""
    code = HEAD + dedent(program)
    new, result = migrated(code)
    expected, lossy = execute(code, shim=True)
    actual, _ = execute(new, shim=False)
    assert actual.seen == expected.seen, new
    states = {place.state for place in result.places if place.kind == "call"}
    assert states == {"rewritten"} or (lossy and states <= {"rewritten", "needs review"})
    assert rewrite({"program.py": new}).sources == {}
