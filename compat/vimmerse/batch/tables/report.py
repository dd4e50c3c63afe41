"""Collects what is wrong with a table."""

from __future__ import annotations

from dataclasses import replace

from vimmerse.batch.errors import Problem, TableError

MAX_PROBLEMS = 10_000


class Report:
    """What is found while a table is read. Remarks that say the same are one."""

    def __init__(self, *, raises: bool = False) -> None:
        """``raises``: whether the first error ends the reading as a :class:`TableError`."""
        self._raises = raises
        self.errors: list[Problem] = []
        self._remarks: dict[tuple[str, str], Problem] = {}
        self.count = 0

    def error(self, place: str, column: str, message: str) -> None:
        """Add an error. Raises :class:`TableError` if the report raises."""
        self.add(Problem(place, column, message))

    def add(self, problem: Problem) -> None:
        """Add an error."""
        if self._raises:
            raise TableError(problems=[problem])
        self.count += 1
        if len(self.errors) < MAX_PROBLEMS:
            self.errors.append(problem)

    def remark(self, place: str, column: str, message: str) -> None:
        """Add something that is worth knowing."""
        key = (column, message)
        known = self._remarks.get(key)
        if known is not None:
            self._remarks[key] = replace(known, rows=known.rows + 1)
        elif len(self._remarks) < MAX_PROBLEMS:
            self._remarks[key] = Problem(place, column, message)

    @property
    def remarks(self) -> tuple[Problem, ...]:
        """What is worth knowing."""
        return tuple(self._remarks.values())

    def raise_errors(self) -> None:
        """Raise :class:`TableError` if there are errors."""
        if self.errors:
            raise TableError(problems=self.errors, count=self.count)
