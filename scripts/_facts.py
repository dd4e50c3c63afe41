"""What the specs state as data: ``x-default``, ``x-price``, ``x-final``, ``x-since`` and ``x-sunset``.

openapi/README.md describes these keys. ``with_prose`` adds what follows from them to the descriptions, and ``module``
writes them as the constants of ``vimmerse.v1.facts`` and ``vimmerse.v2.facts``, from which prices, estimates, statuses
and texts of the package come. Nothing reads a YAML file at run time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from scripts._price_forms import faults, is_amount

Node = dict[str, Any]
Value = str | int | float | bool | None
#: Name, annotation, comment and value of a constant of ``facts.py``.
Constant = tuple[str, str, str, object]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
OUTCOMES = ("succeeded", "failed", "cancelled")
TIMES = {2: "Doubles the price.", 3: "Triples the price."}


class Failure(Exception):
    """A fact is incomplete or contradicts another; the message says where, and what to do."""


# --- Reading -------------------------------------------------------------------------------------


def nodes(value: Any, where: str = "") -> Iterator[tuple[str, Node]]:
    """Each object of a document with its place, except in examples."""
    if isinstance(value, dict):
        yield where, value
        for key, item in value.items():
            if key not in ("example", "examples", "x-default"):
                yield from nodes(item, f"{where}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from nodes(item, f"{where}/{index}")


def operations(spec: Node) -> Iterator[tuple[str, Node, list[Node]]]:
    """Each operation with its name, such as ``POST /v2/story``, and its parameters."""
    for path, item in (spec.get("paths") or {}).items():
        for method in METHODS:
            if method in item:
                declared = [*(item.get("parameters") or []), *(item[method].get("parameters") or [])]
                yield f"{method.upper()} {path}", item[method], [resolve(spec, each) for each in declared]


def resolve(spec: Node, node: Node) -> Node:
    """The target of a local reference, with what stands beside the reference."""
    while "$ref" in node:
        target: Any = spec
        for key in node["$ref"].removeprefix("#/").split("/"):
            target = target[key.replace("~1", "/").replace("~0", "~")]
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return node


def fields(spec: Node, operation: Node, parameters: list[Node]) -> Iterator[tuple[str, Node]]:
    """Each field of an operation's query and bodies; those inside an object have dotted names."""
    for each in parameters:
        if each["in"] == "query":
            yield each["name"], each
    content = resolve(spec, operation.get("requestBody") or {}).get("content") or {}
    for media in content.values():
        yield from _properties(spec, media.get("schema") or {}, "", ())


def _properties(spec: Node, schema: Node, prefix: str, outer: tuple[str, ...]) -> Iterator[tuple[str, Node]]:
    name = schema.get("$ref", "")
    if name in outer:
        return
    outer = (*outer, name) if name else outer
    schema = resolve(spec, schema)
    for key, node in (schema.get("properties") or {}).items():
        yield f"{prefix}{key}", resolve(spec, node)
        for part in (node, *(node.get("anyOf") or ())):
            inner = part.get("contentSchema", part.get("items", part))
            yield from _properties(spec, inner, f"{prefix}{key}.", outer)


def defaults(spec: Node) -> dict[str, dict[str, Value]]:
    """The default of each field of a request that has one, by operation."""
    result: dict[str, dict[str, Value]] = {}
    for name, operation, parameters in operations(spec):
        found: dict[str, Value] = {}
        for field, node in fields(spec, operation, parameters):
            if "x-default" in node and found.setdefault(field, node["x-default"]) != node["x-default"]:
                raise Failure(f"{name}: the bodies state two defaults of {field}; give it the same x-default in each")
        if found:
            result[name] = found
    return result


def statuses(spec: Node) -> dict[str, dict[str, str]]:
    """What each status of a job means, by the name of its enum: ``running`` or one of ``OUTCOMES``."""
    result: dict[str, dict[str, str]] = {}
    meaning: dict[str, str] = {}
    for name, schema in ((spec.get("components") or {}).get("schemas") or {}).items():
        if "x-final" not in schema:
            continue
        final = _mapping(schema["x-final"])
        if unclear := [each for each in schema["enum"] if each not in final]:
            raise Failure(
                f"{name}: x-final does not say whether {', '.join(unclear)} is final: "
                f"add false, or one of {', '.join(OUTCOMES)}, or waits run to their deadline"
            )
        for status, outcome in final.items():
            if status not in schema["enum"]:
                raise Failure(f"{name}: x-final has {status}, which is not in its enum; remove it, or add it there")
            if outcome is not False and outcome not in OUTCOMES:
                raise Failure(f"{name}: x-final of {status} is {outcome!r}; write false or one of {OUTCOMES}")
            if meaning.setdefault(status, outcome) != outcome:
                raise Failure(f"{name}: {status} means something else in another x-final; jobs.wait knows one meaning")
        result[name] = {status: final[status] or "running" for status in schema["enum"]}
    return result


def rates(spec: Node) -> tuple[dict[str, int], dict[str, str]]:
    """Credits per second of video by tool, and what has to be said about one."""
    for name, schema in ((spec.get("components") or {}).get("schemas") or {}).items():
        price = _mapping(schema.get("x-price"))
        if "credits_per_second" not in price:
            continue
        if odd := set(schema["enum"]) ^ set(price["credits_per_second"]):
            raise Failure(f"{name}: {', '.join(sorted(odd))}: give each value of the enum a price, and no other")
        return {tool: price["credits_per_second"][tool] for tool in schema["enum"]}, dict(price.get("notes") or {})
    return {}, {}


def prices(spec: Node) -> dict[str, Any]:
    """The ``x-price`` of each operation; empty if the spec states none."""
    found = {name: operation["x-price"] for name, operation, _ in operations(spec) if "x-price" in operation}
    if not found:
        return {}
    for name, operation, parameters in operations(spec):
        price = found.get(name)
        if price is None:
            raise Failure(f"{name}: has no x-price; write free, unpublished, or its factors")
        if isinstance(price, str):
            if price not in ("free", "unpublished"):
                raise Failure(f"{name}: x-price is {price}; write free, unpublished, or its factors")
            continue
        known = dict(fields(spec, operation, parameters))
        if unknown := [each for each in (*price["seconds"], *price.get("free", ())) if each not in known]:
            raise Failure(f"{name}: x-price names {', '.join(unknown)}, which the operation does not have")
        for each in price["seconds"]:
            # An update keeps what the media has; its estimate takes the defaults of the creation.
            if "free" in price or _is_array(known[each]):
                continue
            if not is_amount(known[each].get("x-default")):
                raise Failure(f"{name}: its price depends on {each}, which has no x-default; add one, a number")
    return found


def factor(spec: Node) -> int:
    """By how much native audio multiplies a price; 1 if the spec does not say."""
    found = {node["x-price"]["times"] for _, node in nodes(spec) if "times" in _mapping(node.get("x-price"))}
    if len(found) > 1:
        raise Failure(f"x-price: times is {' and '.join(map(str, sorted(found)))}; vimmerse.pricing knows one factor")
    return found.pop() if found else 1


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


# --- Deprecations --------------------------------------------------------------------------------


def when(node: Node, spec: Node) -> str:
    """Since when something is deprecated and when it ends, to follow "is deprecated"; empty if neither is known."""
    since, sunset = node.get("x-since"), node.get("x-sunset", (spec.get("info") or {}).get("x-sunset"))
    for value in (since, sunset):
        if value is not None:
            day("x-since or x-sunset", value)
    return (f" since {since}" if since else "") + (f" and ends on {sunset}" if sunset else "")


def day(name: str, value: object) -> str:
    """A date as text, checked."""
    try:
        return date.fromisoformat(value).isoformat()  # type: ignore[arg-type]  # what is not text is the error below
    except (TypeError, ValueError):
        raise Failure(f"{name} is {value!r}: write a date as text, such as '2027-06-30'") from None


def deprecated_fields(spec: Node) -> dict[str, dict[str, str]]:
    """The warning of each deprecated field of a request, by operation."""
    result: dict[str, dict[str, str]] = {}
    for name, operation, parameters in operations(spec):
        for field, node in fields(spec, operation, parameters):
            if node.get("deprecated"):
                text = f"{field} of {name} is deprecated{when(node, spec)}; {_advice(node)}"
                result.setdefault(name, {}).setdefault(field, text)
    return result


def _advice(node: Node) -> str:
    successor = node.get("x-replaced-by")
    return f"use {successor}" if successor else "it has no replacement"


# --- Prose ---------------------------------------------------------------------------------------


def with_prose(spec: Node) -> Node:
    """A copy of a spec whose descriptions end with what follows from its facts.

    Raises:
        Failure: A fact is incomplete or contradicts another.
    """
    spec = deepcopy(spec)
    spec.pop("x-fields", None)  # holds YAML's anchors alone
    for fault in faults({name: operation for name, operation, _ in operations(spec)}, nodes(spec)):
        raise Failure(fault)
    per_second, notes = rates(spec)
    times = factor(spec)
    statuses(spec)
    priced = prices(spec)
    defaults(spec)
    deprecated_fields(spec)
    for name, operation, _ in operations(spec):
        if name in priced:
            arrays = {field for field, node in fields(spec, operation, []) if _is_array(node)}
            _add(operation, _price_text(priced[name], per_second, times, arrays))
            _mark_free_fields(spec, operation, priced[name])
    for node in {id(node): node for _, node in nodes(spec)}.values():  # YAML's aliases are one node in two places
        price = _mapping(node.get("x-price"))
        if "credits_per_second" in price:
            text = "; ".join(f"{rate} for {_listed(tools)}" for rate, tools in _tiers(per_second).items())
            _add(node, f"Credits per second: {text}.", *(f"{tool}: {note}." for tool, note in notes.items()))
        if "times" in price:
            _add(node, TIMES.get(price["times"], f"Multiplies the price by {price['times']}."))
        if "x-default" in node:
            source = node.get("x-default-provenance")
            _add(node, f"Default: {_shown(node['x-default'])}{f' ({source})' if source else ''}.")
        if "x-final" in node:
            final = [f"`{status}`" for status, outcome in node["x-final"].items() if outcome]
            _add(node, f"Final: {', '.join(final)}.")
        if node.get("deprecated") is True and "operationId" not in node:
            _add(node, f"Deprecated{when(node, spec)}; {_advice(node)}.")
    return spec


def _add(node: Node, *sentences: str) -> None:
    node["description"] = " ".join([str(node.get("description", "")).rstrip(), *sentences]).lstrip()


def _shown(value: Value) -> str:
    return value if isinstance(value, str) and value else json.dumps(value)


def _tiers(per_second: Mapping[str, int]) -> dict[int, list[str]]:
    """The tools of each rate, the highest first."""
    tiers: dict[int, list[str]] = {}
    for tool, rate in per_second.items():
        tiers.setdefault(rate, []).append(tool)
    return dict(sorted(tiers.items(), reverse=True))


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _is_array(node: Node) -> bool:
    return any(part.get("type") == "array" for part in (node, *(node.get("anyOf") or ())))


def _price_text(price: Any, per_second: Mapping[str, int], times: int, arrays: set[str]) -> str:
    if isinstance(price, str):
        return "Free." if price == "free" else "Its price is not published."
    (highest, _), *others = _tiers(per_second).items()
    cheaper = "".join(f", or {rate} for {_listed(tools)}" for rate, tools in others)
    seconds = " x ".join(f"number of {each}" if each in arrays else each for each in price["seconds"])
    how = {2: "doubled", 3: "tripled"}.get(times, f"multiplied by {times}")
    inferred = f" That {price['inferred']} is inferred." if "inferred" in price else ""
    rate = f"where the rate is {highest} a second{cheaper}"
    formula = f"about rate x {seconds} credits, {how} by native audio, {rate}."
    if "free" not in price:
        return f"Paid: {formula}{inferred}"
    free = _listed([f"`{each}`" for each in price["free"]])
    return f"Free with only {free}; else paid: {formula}{inferred}"


def _mark_free_fields(spec: Node, operation: Node, price: Any) -> None:
    if isinstance(price, str) or "free" not in price:
        return
    for media in operation["requestBody"]["content"].values():
        body = spec["components"]["schemas"][media["schema"]["$ref"].rpartition("/")[2]]
        for field, node in body["properties"].items():
            _add(node, "Free." if field in price["free"] else "Paid.")


# --- The module ----------------------------------------------------------------------------------


def module(spec: Node) -> str:
    """The source of ``facts.py``."""
    info = spec.get("info") or {}
    constants: list[Constant] = [
        (
            "DEFAULTS",
            "Mapping[str, Mapping[str, Any]]",
            "What the service uses for an omitted field, by operation. A field inside an object has a dotted name.",
            defaults(spec),
        ),
        (
            "STATUSES",
            "Mapping[str, Mapping[str, str]]",
            'What each status of a job means: "running", "succeeded", "failed" or "cancelled".',
            statuses(spec),
        ),
    ]
    constants += _price_constants(spec)
    for name, key, text in (
        ("DEPRECATED_SINCE", "x-since", "Since when this version is deprecated, as YYYY-MM-DD; empty: it is not."),
        ("SUNSET", "x-sunset", "When this version ends, as YYYY-MM-DD; empty: no date is known."),
    ):
        constants.append((name, "str", text, day(key, info[key]) if key in info else ""))
    lines = [
        '"""The specification: its facts as constants (defaults, prices, statuses, dates), and the document."""',
        "",
    ]
    lines += ["# Type checkers treat it like typing's; importing typing would cost more than all the rest."]
    lines += ["TYPE_CHECKING = False", "if TYPE_CHECKING:"]
    lines += ["    from collections.abc import Mapping", "    from typing import Any", ""]
    for name, annotation, text, value in constants:
        lines += [f"#: {text}", f'{name}: "{annotation}" = {_source(value)}']
    return "\n".join([*lines, _OPENAPI])


_OPENAPI = '''
def openapi() -> "dict[str, Any]":
    """Return the OpenAPI document of this version, a new dict for each call.

    It has no merge keys, aliases or references to other files. It is read when it is needed.
    """
    from json import loads
    from pkgutil import get_data

    document: dict[str, Any] = loads(get_data(__package__ or "", "openapi.json") or b"")
    return document
'''


def _price_constants(spec: Node) -> list[Constant]:
    """The constants of a version that states prices; none of another."""
    per_second, notes = rates(spec)  # which checks them in any case
    priced = prices(spec)
    if not priced:
        return []
    paid = {name: price for name, price in priced.items() if not isinstance(price, str)}
    return [
        ("RATES", "Mapping[str, int]", "Credits per second of video, by video tool.", per_second),
        ("RATE_NOTES", "Mapping[str, str]", "What to say about the rate of a tool.", notes),
        ("NATIVE_AUDIO_FACTOR", "int", "Native audio multiplies a price by it.", factor(spec)),
        (
            "PAID",
            "Mapping[str, tuple[str, str]]",
            "The fields whose product is the seconds that a call pays for: a count (of an array, its length), and "
            "a duration.",
            {name: tuple(price["seconds"]) for name, price in paid.items()},
        ),
        (
            "INFERRED_PRICES",
            "Mapping[str, str]",
            "What is assumed about the price of a call, as no page states it.",
            {name: price["inferred"] for name, price in paid.items() if "inferred" in price},
        ),
        (
            "FREE_FIELDS",
            "Mapping[str, frozenset[str]]",
            "The fields with which alone a paid call is free.",
            {name: frozenset(price["free"]) for name, price in paid.items() if "free" in price},
        ),
        (
            "UNPUBLISHED_PRICES",
            "frozenset[str]",
            "The calls whose price the vendor publishes nowhere.",
            frozenset(name for name, price in priced.items() if price == "unpublished"),
        ),
    ]


def _source(value: object) -> str:
    """A value as source; of a set always the same."""
    if isinstance(value, frozenset):
        return f"frozenset({tuple(sorted(value))!r})" if value else "frozenset()"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_source(item)}" for key, item in value.items()) + "}"
    return repr(value)
