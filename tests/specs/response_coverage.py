"""Whether the tables of response fields cover both specs: every v2 field has one row, every v1 field is produced.

Laws as in ``rule_coverage.py``, for ``compat/vimmerse/compat/rules/response_fields.py``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from vimmerse.compat.rules.response_fields import ResponseField, ResponseObject, is_primary
from vimmerse.jobs.states import RUNNING

from tests.specs.rule_coverage import fields, inner
from tests.specs.spec import Node, reference_name, resolve, response_schemas, subschemas

FILE = "compat/vimmerse/compat/rules/response_fields.py"
Tables = Mapping[str, ResponseObject]

# Objects of responses without a table, and why.
WITHOUT_TABLE = {
    "v1": {
        **dict.fromkeys(
            ("StoryEnvelope", "MediaEnvelope", "MediaDetailEnvelope", "MediaProgressEnvelope"), "v2 has no wrapper"
        ),
        **dict.fromkeys(("FileMapEntry", "VideoHistoryEntry"), "inside fields that only v1 has"),
        **dict.fromkeys(("StoryWebhook", "MediaWebhook"), "vimmerse.jobs.v1_payload converts them"),
    },
    "v2": {
        "Asset": "the response to an upload, which becomes part of the next request",
        **dict.fromkeys(("StoryWebhook", "MediaWebhook"), "vimmerse.jobs.v1_payload converts them"),
    },
}


def schema(spec: Node, name: str) -> Node:
    """A schema by its name; an empty one if there is none."""
    node: Node = spec["components"]["schemas"].get(name, {})
    return node


def own_fields(spec: Node, name: str) -> dict[str, list[Node]]:
    """The properties of a schema, with those of ``allOf``."""
    return fields(spec, schema(spec, name))


def uncovered_response_fields(v1: Node, v2: Node, tables: Tables) -> Iterator[str]:
    """Every field of every table against both specs."""
    seen: set[str] = set()
    for key, table in tables.items():
        for version, spec, name in (("v1", v1, table.v1), ("v2", v2, table.v2)):
            if not schema(spec, name):
                yield f"{key}: {version}.yaml has no schema {name!r}; correct the table in {FILE}"
        yield from _wrong_v1(key, table, v1)
        yield from _wrong_v2(key, table, v2, is_first=table.v2 not in seen)
        seen.add(table.v2)
        for row in table.fields:
            yield from _wrong_inside(key, row, table, v1, v2, tables)


def _wrong_v1(key: str, table: ResponseObject, v1: Node) -> Iterator[str]:
    declared = own_fields(v1, table.v1)
    for name in declared:
        inside = {f"{name}.{each}" for node in declared[name] for each in node.get("x-params", ())}
        for path in sorted(inside) or [name]:
            if not table.of_v1(path):
                yield (
                    f"{table.v1} in v1.yaml has {path!r}, and the table {key!r} does not say what it is in v2; "
                    f"add a row to {FILE}"
                )
    for row in table.fields:
        name, _, rest = row.v1.partition(".")
        if name not in declared or (rest and not any(rest in node.get("x-params", ()) for node in declared[name])):
            yield f"{key}: {table.v1} in v1.yaml has no {row.v1!r}; remove its row from {FILE}, or declare the field"


def _wrong_v2(key: str, table: ResponseObject, v2: Node, *, is_first: bool) -> Iterator[str]:
    """A second table of a v2 schema (a story's scenes beside those of its storyboard) need not repeat the first."""
    declared = own_fields(v2, table.v2)
    rows = Counter(row.v2 for row in table.fields if is_primary(row))
    for name in declared if is_first else ():
        if not rows[name]:
            yield (
                f"{table.v2} in v2.yaml has {name!r}, and the table {key!r} does not say what it is in v1; "
                f"add a row to {FILE}"
            )
    for name, count in rows.items():
        if count > 1:
            yield f"{key}: the v2 field {name!r} has {count} rows that are not computed; leave one in {FILE}"
    for row in table.fields:
        if row.v2 and row.v2 != "." and not _at(v2, declared, row.v2):
            yield (
                f"{key}: the row of {row.v1!r} points to {row.v2!r}, which {table.v2} does not have in v2.yaml; "
                f"v1 programs lose the field: correct its row in {FILE}"
            )


def _at(spec: Node, by_name: dict[str, list[Node]], path: str) -> list[Node]:
    name, dot, rest = path.partition(".")
    nodes = by_name.get(name, [])
    return _at(spec, inner(spec, nodes), rest) if dot else nodes


def _wrong_inside(
    key: str, row: ResponseField, table: ResponseObject, v1: Node, v2: Node, tables: Tables
) -> Iterator[str]:
    """The table of a field's value: that of the objects which both specs have there."""
    if row.kind in ("v1-only", "request-only") or row.v2 == ".":
        return
    declared = _at(v2, own_fields(v2, table.v2), row.v2)
    inside = objects_in(v2, declared)
    if not row.table:
        if row.kind != "computed":
            for name in inside:
                yield f"{key}: {row.v2!r} holds {name!r} in v2.yaml; name the table of its fields in the row in {FILE}"
        return
    if row.table not in tables:
        yield f"{key}: the row of {row.v1!r} names the table {row.table!r}, which {FILE} does not have; correct it"
        return
    for version, found, name in (
        ("v1", objects_in(v1, own_fields(v1, table.v1).get(row.v1, [])), tables[row.table].v1),
        ("v2", inside, tables[row.table].v2),
    ):
        if (version == "v1" or declared) and name not in found:
            yield (
                f"{key}: the row of {row.v1!r} names the table {row.table!r}, of {name}, and {version}.yaml has "
                f"{', '.join(found) or 'no object'} there; correct the row in {FILE}"
            )


def objects_in(spec: Node, nodes: Collection[Node]) -> list[str]:
    """The names of the object schemas in these declarations, through alternatives and lists."""
    found = []
    for node in nodes:
        for _, each in subschemas(node, ""):
            name = reference_name(each)
            if name and ("properties" in resolve(spec, each) or "allOf" in resolve(spec, each)):
                found.append(name)
    return list(dict.fromkeys(found))


def uncovered_objects(version: str, spec: Node, tables: Tables) -> Iterator[str]:
    """Every object that a response of this version can have."""
    named = {getattr(table, version) for table in tables.values()}
    complete = [set(own_fields(spec, name)) for name in named]
    for where, node in response_schemas(spec):
        name = where.removeprefix("schema ")
        if name in named or name in WITHOUT_TABLE[version] or "/" in name or name == where:
            continue
        properties = set(fields(spec, node)) if {"properties", "allOf"} & node.keys() else set()
        if properties and properties not in complete:
            yield f"{name} in {version}.yaml is part of a response and has no table; add one to {FILE}"


def wrong_words(v1: Node, v2: Node, table: ResponseObject, old: str, new: str) -> Iterator[str]:
    """The words of a status against v1's enum ``old`` and v2's enum ``new``."""
    row = next(row for row in table.fields if row.words)
    known = schema(v1, old)["enum"]
    for word in schema(v2, new)["enum"]:
        if word not in row.words:
            yield f"{new} in v2.yaml has {word!r}, and {FILE} does not say what it is in v1; add it to the table"
    for word, to in row.words.items():
        if word not in schema(v2, new)["enum"]:
            yield f"{FILE} has the status {word!r}, and {new} in v2.yaml does not; remove it, or declare it"
        # v1's programs wait on at a word that they do not know, so it may be another word for running.
        if to not in known and (to != word or word not in RUNNING):
            yield f"{FILE}: {word!r} becomes {to!r}, which {old} in v1.yaml does not have; choose another"
