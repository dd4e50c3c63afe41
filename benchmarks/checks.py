"""``vimmerse check`` on growing trees and on bundles of one line: the CPU time for each line or byte stays the same.

python -m benchmarks.checks      the CPU seconds of each size, for a chart
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from vimmerse.compat.migrate.check import check

from benchmarks.measure import spread
from benchmarks.table import Row, duration

LINES = (1_000, 4_000, 16_000, 64_000, 400_000)
BUNDLES = (125_000, 500_000, 2_000_000)  # bytes; larger ones are not read
_LINES_OF_A_FILE = 400
#: Ten lines of a program that calls the API in one of them, and a part of a bundle with one call.
_PYTHON = """
def make_{index}(session, idea, limit=3):
    result = []
    for number in range(limit):
        if number % 2:
            result.append({{"number": number, "idea": idea + str(number)}})
    names = ", ".join(sorted(each["idea"] for each in result))
    print("making", names)
    data = {{"idea": names, "motion_type": "Kling2"}}
    return session.post(BASE + "/story/idea-2-video", data=data)
"""
_BUNDLE = '!function(e,t){{var n=e.items,r=n.map(function(e){{return e.id+"-"+t}});return r[0]?r:null}}(a{0},b{0});'
_CALL = 'fetch("https://api.vimmerse.net/story/"+id{0},{{method:"DELETE"}});'


def tree(folder: Path, lines: int) -> None:
    """Write Python files with so many lines, whose base URL is in a module of its own."""
    (folder / "settings.py").write_text('BASE = "https://api.vimmerse.net"\n')
    for number in range(0, lines, _LINES_OF_A_FILE):
        functions = (_PYTHON.format(index=index) for index in range(min(lines - number, _LINES_OF_A_FILE) // 10))
        (folder / f"module{number}.py").write_text("from settings import BASE\n" + "".join(functions))


def bundle(folder: Path, size: int) -> None:
    """Write a JavaScript file of one line with nearly so many bytes, and a call in each thousand."""
    part = "".join(_BUNDLE.format(number) for number in range(8)) + _CALL.format("")
    (folder / "bundle.js").write_text(part * (size // len(part)))


def seconds(folder: Path) -> float:
    """The CPU time of a check, which must find calls."""
    began = time.process_time()
    assert check([folder]).findings
    return time.process_time() - began


def growth(sizes: Sequence[int] = LINES) -> list[tuple[int, float]]:
    """The lines of each tree, and the CPU seconds of its check."""
    points: list[tuple[int, float]] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            tree(Path(folder), size)
            points.append((size, seconds(Path(folder))))
    return points


def checks(rounds: int) -> Iterator[Row]:
    """What a line costs in a large tree, and a byte in a large bundle, compared with a small one."""
    for what, write, sizes, unit in (
        ("a line", tree, (LINES[1], LINES[3]), "lines"),
        ("a byte of a one-line bundle", bundle, (BUNDLES[0], BUNDLES[-1]), "bytes"),
    ):
        with tempfile.TemporaryDirectory() as folder:
            folders = [Path(folder, str(size)) for size in sizes]
            for path, size in zip(folders, sizes, strict=True):
                path.mkdir()
                write(path, size)
            seconds(folders[0])
            times = [[seconds(path) for path in folders] for _ in range(rounds)]
        small, large = sizes
        ratios = [(second / large) / (first / small) for first, second in times]
        median = duration(statistics.median(second for _, second in times))
        name = f"check: CPU for {what}, {large:,} {unit}"
        row = Row(name, f"{small:,}", statistics.median(ratios), "x", *spread(ratios), target=1.25, samples=rounds)
        yield replace(row, note=f"{median} in all")


if __name__ == "__main__":
    for lines, used in growth([int(size) for size in sys.argv[1:]] or LINES):
        print(f"{lines:9,} lines {used:8.2f} s")
