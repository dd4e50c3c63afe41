"""Runs programs and kills them: ``python -m tests.batch.kill.child``.

Reads one task a line, as JSON, and answers with one line each: ``{"killed": true, "passed": [...]}``. Each task runs in
a forked child, so that Python and the libraries are loaded only once; one with ``warm_up`` runs here, and loads the
rest.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import traceback
from pathlib import Path

import psycopg  # noqa: F401  # forked children have it loaded
import sqlalchemy.dialects.postgresql.psycopg
import sqlalchemy.dialects.sqlite  # noqa: F401

from tests.batch.kill.boundaries import Boundaries
from tests.batch.kill.programs import PROGRAMS, Task


def _run(task: Task, report: int) -> None:
    """In a forked child: run the program of a task. The names of the boundaries go to the descriptor ``report``."""
    count = 0

    def passed(name: str) -> None:
        nonlocal count
        count += 1
        os.write(report, name.encode() + b"\n")
        if "copies" in task:
            _copy(Path(task["location"]), Path(task["copies"]) / str(count))

    status = 1
    try:
        Boundaries(task.get("kill_at", 0), passed).install()
        PROGRAMS[task["program"]](task)
        status = 0
    except BaseException:
        os.write(report, b"! " + traceback.format_exc().replace("\n", "\n! ").encode() + b"\n")
    finally:
        os._exit(status)


def _copy(database: Path, folder: Path) -> None:
    """Copy a database of SQLite as a power failure would leave it: without what is in memory only."""
    folder.mkdir()
    for path in (database, database.with_name(f"{database.name}-wal")):
        if path.exists():
            shutil.copyfile(path, folder / path.name)


def main() -> None:
    for line in sys.stdin:
        task: Task = json.loads(line)
        if task.get("warm_up"):
            PROGRAMS[task["program"]](task)
            print(json.dumps({"killed": False, "passed": []}), flush=True)
            continue
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _run(task, writing)
        os.close(writing)
        with os.fdopen(reading, errors="replace") as report:
            lines = report.read().splitlines()
        _, status = os.waitpid(child, 0)
        answer = {
            "killed": os.WIFSIGNALED(status),
            "passed": [one for one in lines if not one.startswith("!")],
            "error": "\n".join(one[2:] for one in lines if one.startswith("!")),
        }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
