"""What is left to do in this repository after a change, with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from vimmerse.compat.flows.routing import OPERATIONS

from scripts.spec_diff.changes import Change, same_path
from scripts.spec_diff.judged import JudgedChange, Task
from scripts.spec_diff.mapped_fields import MappedField, fields_mapped_to, takes
from scripts.spec_diff.mentions import Mentions

_RULES = "compat/vimmerse/compat/rules"
_EMULATOR = "compat/vimmerse/emulator"
_PRICING = "compat/vimmerse/pricing.py"


class Anchor(NamedTuple):
    """A line that a kind of change asks to be looked at. A test finds each."""

    rules: Sequence[str]
    file: str
    pattern: str
    text: str


_STATUS = ("status-added", "status-removed", "status-finality-changed")
_PRICE = ("price-changed", "price-text-changed")
_CALL = ("operation-added", "paged-operation-added")
_KEY = ("security-scheme-changed", "security-changed")
ANCHORS = (
    Anchor(_STATUS, f"{_RULES}/response_fields.py", r"^STORY_STATUS\b", "say which of v1's statuses it is"),
    Anchor(_PRICE, _PRICING, r"^def _price\b", "does the formula still hold?"),
    Anchor(_CALL, "tests/resources/calls.py", r"^ROWS\b", "add a row"),
    Anchor(_CALL, "tests/resources/test_types.py", r"^(async )?def ", "call the method"),
    Anchor(_CALL, "tests/specs/test_specs_valid.py", r"^CALLS\b", "add the call"),
    Anchor(("paged-operation-added",), "docs/client.md", r"^# ", "say that it returns one page, or add an iterator"),
    Anchor(("spec-added",), "scripts/regenerate", r"^VERSIONS\b", "list the version"),
    Anchor(("spec-added",), "docs/architecture.md", r"^## The next version pair\b", "follow the steps"),
    Anchor(("server-changed",), "compat/vimmerse/compat/flows/routing.py", r"^V1_HOST\b", "compare the host"),
    Anchor(("server-changed",), "compat/vimmerse/compat/core/policy.py", r"^DEFAULT_BASE_URL\b", "compare the URL"),
    Anchor(_KEY, "compat/vimmerse/_http/__init__.py", r"^API_KEY_HEADER\b", "how the clients send the key"),
    Anchor(_KEY, "compat/vimmerse/compat/flows/context.py", r"^KEY_HEADER\b", "how v1 calls send the key"),
    Anchor(_KEY, f"{_EMULATOR}/app.py", r'"x-api-key"', "where the emulator expects the key"),
)
#: Where a name that is gone or has changed is looked for.
_PACKAGES = (
    *("compat/flows", "compat/rules", "compat/client", "compat/gateway", "compat/migrate"),
    *("jobs", "batch", "emulator", "pricing.py", "cli", "_resources"),
)
#: About v1 calls as a whole, or what they lack.
_OPERATIONS = (
    *("operation-removed", "operation-path-changed", "operation-deprecated", "request-media-type-removed"),
    *("request-property-became-required", "request-parameter-became-required", "request-parameter-added-required"),
    *("request-property-added-required", "response-success-status-changed", "response-success-status-added"),
    *("response-media-type-removed", "response-property-type-changed", "paging-parameter-added"),
)
_NARROW = ("compat/rules", "emulator", "pricing.py")  # if other calls still have the name
_NAMED = ("-removed", "-renamed", "-changed", "-narrowed", "-widened", "-moved", "-optional")
_FIELDS = ("request-p", "response-p", "response-required-", "enum-value-", "default-")
_GONE = ("enum-value-removed", "default-", "response-required-", "response-property-deprecated")


def tasks(judged: JudgedChange, mentions: Mentions, is_elsewhere: bool) -> Iterator[Task]:
    """What is left to do about a change. ``is_elsewhere``: whether other calls still have the field."""
    change = judged.change
    for anchor in ANCHORS:
        if change.rule in anchor.rules and (found := mentions.line(anchor.file, anchor.pattern)):
            yield found._replace(text=anchor.text)
    if change.rule in _CALL:
        routes = (
            "media" if change.name.partition(" ")[2].startswith(("/media", "/v2/media", "/v2/image")) else "stories"
        )
        yield from _at(mentions, f"{_EMULATOR}/{routes}.py", rf"^{change.version.upper()}_ROUTES\b", "serve the call")
    if judged.severity("money") in ("warning", "breaking"):
        yield from mentions.matches(r"\d credits\b", "quotes a price")
    if judged.severity("money") == "breaking" and change.rule.startswith(("request-", "operation-")):
        yield from _at(mentions, _PRICING, r"^def estimate_call\b", f"take `{change.name}` into account")
    if change.version == "v2" and change.rule.startswith("request-property-added") and _is_outermost(change):
        yield from _at(mentions, f"{_RULES}/targets.py", r"^V2_FIELDS\b", f"list `{change.name}`")
    if change.version == "v1" and change.rule.startswith("request-") and change.rule.endswith(("-added", "-renamed")):
        yield from _new_v1_field(judged, mentions)
    if change.rule == "enum-value-added" and judged.severity("compat") != "none":
        yield from _at(
            mentions, f"{_RULES}/values.py", rf'"{change.name}"', f"v2 has `{change.name}`: it is `same` now"
        )
    if change.version == "v2" and judged.severity("compat") in ("breaking", "warning"):
        yield from _rules(change, mentions)
    if change.rule.startswith(_GONE) or change.rule.endswith(_NAMED):
        yield from _names(change, mentions, is_elsewhere)


def _is_outermost(change: Change) -> bool:
    return any("." not in place.path for place in change.places if place.direction == "request")


def _at(mentions: Mentions, file: str, pattern: str, text: str) -> Iterator[Task]:
    if found := mentions.line(file, pattern):
        yield found._replace(text=text)


def _new_v1_field(judged: JudgedChange, mentions: Mentions) -> Iterator[Task]:
    change = judged.change
    if judged.severity("compat") not in ("breaking", "warning"):
        return
    name = change.new if change.rule.endswith("-renamed") else change.name
    for key in dict.fromkeys(place.operation for place in change.places if place.operation in OPERATIONS):
        yield from _operation(key, mentions, f"give `{name}` a rule")
    yield Task("tests/cases", 0, f"add a row with `{name}`, from the vendor's documentation")


def _names(change: Change, mentions: Mentions, is_elsewhere: bool) -> Iterator[Task]:
    if change.rule == "method-renamed":
        yield from mentions.in_pages(change.name.removeprefix("client."))
        return
    name = change.name.removesuffix("[]")
    if change.rule in ("operation-removed", "operation-path-changed"):
        name = name.partition(" ")[2].partition("{")[0].rstrip("/")
    elif change.rule != "operation-id-changed" and not (name.isidentifier() and change.rule.startswith(_FIELDS)):
        return
    for package in _NARROW if is_elsewhere else _PACKAGES:
        yield from mentions.in_code(package, name)
    if not is_elsewhere:
        yield from mentions.in_pages(name)
    if count := mentions.cassettes(name):
        yield Task("cassettes", 0, f"{count} have `{name}`: scripts/record, if they are concerned")


def _rules(change: Change, mentions: Mentions) -> Iterator[Task]:
    """The rules of v1 fields that become the field, and the operations that become the call."""
    for place in change.places:
        if place.direction == "request" and (mapped := list(fields_mapped_to(place))):
            yield from _field_rules(mapped, mentions)
        elif change.rule in _OPERATIONS and (not place.path or place.direction == "request"):
            for operation in OPERATIONS.values():
                if takes(operation, place) if place.path else same_path(operation.v2) == same_path(place.operation):
                    yield from _operation(operation.v1, mentions, f"becomes {place.operation}")


def _field_rules(mapped: Sequence[MappedField], mentions: Mentions) -> Iterator[Task]:
    for each in mapped:
        for file in ("story", "media", "audio", "presets", "storyboard"):
            if found := mentions.line(f"{_RULES}/{file}.py", rf'\(\s*"{each.rule.field}"'):
                yield found._replace(text=f"the rule of v1's `{each.rule.field}` sends `{each.rule.to}`")
                break


def _operation(key: str, mentions: Mentions, text: str) -> Iterator[Task]:
    """The line at which a table names a v1 call."""
    file = f"{_RULES}/{'story' if key.partition(' ')[2].startswith('/story') else 'media'}.py"
    step = key.rpartition("/")[2].strip("{}")
    found = mentions.line(file, re.escape(f'v1="{key}"')) or mentions.line(file, rf'"{step}"')
    yield (found or Task(file, 0, ""))._replace(text=f"{key}: {text}")
