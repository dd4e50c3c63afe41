"""Write a table, read it, and say what came of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from vimmerse.batch.errors import Problem, TableError
from vimmerse.batch.tables import Row, Table, read_table


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def rows_of(table: Table) -> list[Row]:
    """The rows of a table without errors; the check has to count the same."""
    found = table.check()
    rows = list(table)
    assert found.rows == len(rows)
    assert list(table) == rows, "a table can be read again"
    return rows


def bodies(path: Path, content: str | bytes, **settings: Any) -> list[dict[str, Any]]:
    """The bodies of the rows of a file with this content."""
    return [row.body for row in rows_of(read_table(write(path, content), **settings))]


def problems(path: Path | Table, content: str | bytes | None = None, **settings: Any) -> list[Problem]:
    """What is wrong with a file with this content: all of it. The rows end with the first problem."""
    if isinstance(path, Path) and content is not None:
        write(path, content)
    with pytest.raises(TableError) as caught:
        (path if isinstance(path, Table) else read_table(path, **settings)).check()
    with pytest.raises(TableError) as first:
        list(path if isinstance(path, Table) else read_table(path, **settings))
    assert first.value.problems[0] == caught.value.problems[0]
    assert str(caught.value).startswith(str(caught.value.problems[0]))
    return list(caught.value.problems)


def problem(path: Path | Table, content: str | bytes | None = None, **settings: Any) -> str:
    """The only problem of a file with this content, as a line."""
    found = problems(path, content, **settings)
    assert len(found) == 1, found
    return str(found[0])


def json_lines(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)
