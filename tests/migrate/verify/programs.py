"""Programs for v1 and, written by hand, for v2; and what verifying one by the other reports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

from vimmerse.compat.migrate.proof import PlaceResult, VerifyReport, verify
from vimmerse.compat.migrate.rewrite.places import Place

#: A comment that makes its line a place: ``# call POST /media``, ``# response``, ``# left call GET /media/{media_id}``.
_MARK = re.compile(r"# (left )?(call|response|polling|webhook|mock)\b ?(.*)$")


def places(files: Mapping[str, str]) -> list[Place]:
    return list(_places(files))


def _places(files: Mapping[str, str]) -> Iterator[Place]:
    for path, text in files.items():
        for line, content in enumerate(dedent(text).splitlines(), 1):
            if match := _MARK.search(content):
                left, kind, operation = match.groups()
                yield Place(path, line, 1, kind, operation, "left" if left else "rewritten", "", end_line=line)  # type: ignore[arg-type]  # one of its kinds


def write(root: Path, files: Mapping[str, str | bytes]) -> None:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content if isinstance(content, bytes) else dedent(content).encode())


def prove(
    root: Path, original: Mapping[str, str], migrated: Mapping[str, str], command: Any, **options: Any
) -> VerifyReport:
    """Write the original programs into a folder, and verify the migrated ones by them."""
    write(root, original)
    changes = {Path(path): dedent(text).encode() for path, text in migrated.items()}
    return verify(root, changes, places(original), command, **options)


def states(report: VerifyReport) -> dict[str, str]:
    """The state of each place, by its operation, or its kind where it has none."""
    return {_name(result): result.state for result in report.places}


def _name(result: PlaceResult) -> str:
    return result.place.operation or result.place.kind


#: Calls by nothing but the standard library: a program that imports requests takes five times as long to start.
CALLS = """
import json, os, sys, time, urllib.request

KEY = os.environ["VIMMERSE_API_KEY"]

def call(method, path, body=None, form=None, key=KEY):
    data = json.dumps(body).encode() if body is not None else None
    headers = {"X-Api-Key": key, "Content-Type": "application/json"}
    if form is not None:
        from urllib.parse import urlencode
        data, headers["Content-Type"] = urlencode(form).encode(), "application/x-www-form-urlencoded"
    request = urllib.request.Request("https://api.vimmerse.net" + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        return {"error": error.code}
"""
