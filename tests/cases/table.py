"""The entire table: every row of every module in one tuple, each name prefixed with its module's."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from tests.cases import (
    errors,
    malformed_input,
    media_change,
    media_create,
    media_read,
    one_call,
    policies,
    presets,
    steps,
    untouched,
    values,
)
from tests.cases.rows import Case

_MODULES = (
    one_call,
    values,
    steps,
    media_create,
    presets,
    media_change,
    media_read,
    errors,
    policies,
    malformed_input,
    untouched,
)
CASES: tuple[Case, ...] = tuple(
    replace(row, id=f"{module.__name__.rpartition('.')[2]}: {row.id}") for module in _MODULES for row in module.CASES
)

_TWICE = [id for id, count in Counter(row.id for row in CASES).items() if count > 1]
assert not _TWICE, f"rows of the same name: {_TWICE}"
