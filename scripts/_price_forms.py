"""Whether each ``x-price`` has a form from which prices can be computed: what nothing reads could cost somebody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Node = dict[str, Any]


def faults(operations: dict[str, Node], nodes: Iterator[tuple[str, Node]]) -> Iterator[str]:
    """A sentence for each fault. ``operations``: by name. ``nodes``: each object of the spec with its place."""
    names = {id(operation): name for name, operation in operations.items()}
    tables = []
    for where, node in nodes:
        if node.get("x-price") is None:
            continue
        price, name = node["x-price"], names.get(id(node))
        check = _of_operation if name else _of_schema
        yield from (f"{name or where.removeprefix('/')}: {fault}" for fault in check(price))
        if not name and isinstance(price, dict) and "credits_per_second" in price:
            tables.append(where.rpartition("/")[2])
    if len(set(tables)) > 1:
        yield f"{' and '.join(sorted(set(tables)))} state credits_per_second; vimmerse.pricing knows one table"
    if not tables and (priced := [name for name, each in operations.items() if isinstance(each.get("x-price"), dict)]):
        yield f"{priced[0]} costs credits, and no enum states credits_per_second in its x-price"


def _of_operation(price: Any) -> Iterator[str]:
    if isinstance(price, str):
        return
    if not isinstance(price, dict):
        yield f"x-price is {price!r}; write free, unpublished, or its factors"
        return
    yield from _unread(price, ("seconds", "inferred", "free"))
    seconds = price.get("seconds")
    if not isinstance(seconds, list) or len(seconds) != 2 or not _is_list_of_text(seconds):
        yield "the seconds of x-price are a count and a duration: two names of fields"
    if not _is_list_of_text(price.get("free", [])):
        yield "free of x-price is a list of fields"
    if not isinstance(price.get("inferred", ""), str):
        yield "inferred of x-price is text"


def _of_schema(price: Any) -> Iterator[str]:
    if not isinstance(price, dict) or not {"credits_per_second", "times"} & set(price):
        yield f"x-price is {price!r}; write credits_per_second, or times"
        return
    yield from _unread(price, ("credits_per_second", "notes", "times"))
    if "times" in price and not is_amount(price["times"]):
        yield f"times of x-price is {price['times']!r}; write a number above 0"
    table = price.get("credits_per_second", {})
    if not _is_map_of(table, is_amount):
        yield f"credits_per_second of x-price is {table!r}; write a number above 0 for each value of the enum"
    notes = price.get("notes", {})
    if not _is_map_of(notes, lambda value: isinstance(value, str)) or not set(notes) <= set(table):
        yield f"notes of x-price is {notes!r}; write a text for values that have a price"


def _unread(price: Node, known: tuple[str, ...]) -> Iterator[str]:
    if unread := sorted(set(price) - set(known)):
        yield f"x-price has {', '.join(unread)}, which no estimate reads; compute with it in vimmerse.pricing first"


def is_amount(value: Any) -> bool:
    """Whether something is a number above 0."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _is_list_of_text(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_map_of(value: Any, check: Callable[[Any], bool]) -> bool:
    return isinstance(value, dict) and all(map(check, value.values()))
