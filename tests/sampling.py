"""A sample of a test's parameters for every run; the others are marked ``exhaustive`` and run where ``CI`` is set."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def sampled(values: Iterable[Any], every: int, *, row: int = 0) -> list[Any]:
    """The values as parameters, all but one in ``every`` of them marked.

    ``values``: parameters; a tuple is several arguments, and a ``pytest.param`` keeps its id and marks. ``row``: which
    ones are sampled: of a product of two lists, the index in the other one, so that each value of both is in the
    sample.
    """
    return [
        _parameter(value, [pytest.mark.exhaustive] if (number + row) % every else [])
        for number, value in enumerate(values)
    ]


def _parameter(value: Any, marks: list[pytest.MarkDecorator]) -> Any:
    if isinstance(value, type(pytest.param())):
        return pytest.param(*value.values, id=value.id, marks=[*value.marks, *marks])
    return pytest.param(*(value if isinstance(value, tuple) else (value,)), marks=marks)
