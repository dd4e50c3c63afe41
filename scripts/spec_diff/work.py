"""What is left to do in this repository after a change, with file and line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from vimmerse.compat.flows.routing import OPERATIONS

from scripts.spec_diff.changes import Change
from scripts.spec_diff.judged import JudgedChange, Task
from scripts.spec_diff.mapped_fields import fields_mapped_to
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
_HOST = ("server-changed", "security-scheme-changed")
ANCHORS = (
    Anchor(_STATUS, f"{_RULES}/response_fields.py", r"^STORY_STATUS\b", "say which of v1's statuses it is"),
    Anchor(_PRICE, _PRICING, r"^def _price\b", "does the formula still hold?"),
    Anchor(_CALL, f"{_EMULATOR}/stories.py", r'^    \("POST", "/story"\)', "serve the call"),
    Anchor(_CALL, "tests/resources/calls.py", r"^ROWS\b", "add a row"),
    Anchor(_CALL, "tests/resources/test_types.py", r"^(async )?def ", "call the method"),
    Anchor(_CALL, "tests/specs/test_specs_valid.py", r"^CALLS\b", "add the call"),
    Anchor(("paged-operation-added",), "docs/client.md", r"^# ", "say that it returns one page, or add an iterator"),
    Anchor(("spec-added",), "scripts/regenerate", r"^VERSIONS\b", "list the version"),
    Anchor(("spec-added",), "docs/architecture.md", r"^## The next version pair\b", "follow the steps"),
    Anchor(_HOST, "compat/vimmerse/compat/flows/routing.py", r"^V1_HOST\b", "compare the host"),
)
#: Where a name that is gone or has changed is looked for.
_PACKAGES = (
    *("compat/flows", "compat/rules", "compat/client", "compat/gateway", "compat/migrate"),
    *("jobs", "emulator", "pricing.py", "cli", "_resources"),
)
_NARROW = ("compat/rules", "emulator", "pricing.py")  # if other calls still have the name
_NAMED = ("-removed", "-renamed", "-changed", "-narrowed", "-widened", "-tightened")


def tasks(judged: JudgedChange, mentions: Mentions, is_elsewhere: bool) -> Iterator[Task]:
    """What is left to do about a change. ``is_elsewhere``: whether other calls still have the field."""
    change = judged.change
    for anchor in ANCHORS:
        if change.rule in anchor.rules and (found := mentions.line(anchor.file, anchor.pattern)):
            yield found._replace(text=anchor.text)
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
    if change.rule in ("enum-value-removed", "default-changed") or change.rule.endswith(_NAMED):
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
        file = f"{_RULES}/{'story' if key.partition(' ')[2].startswith('/story') else 'media'}.py"
        step = key.rpartition("/")[2].strip("{}")
        found = mentions.line(file, rf'v1="{key}"'.replace("{", r"\{")) or mentions.line(file, rf'"{step}"')
        yield (found or Task(file, 0, ""))._replace(text=f"give `{name}` of {key} a rule")
    yield Task("tests/cases", 0, f"add a row with `{name}`, from the vendor's documentation")


def _names(change: Change, mentions: Mentions, is_elsewhere: bool) -> Iterator[Task]:
    if change.rule == "method-renamed":
        yield from mentions.in_pages(change.name.removeprefix("client."))
        return
    name = change.name
    if change.rule.startswith("operation-"):
        name = name.partition(" ")[2].partition("{")[0].rstrip("/")
    elif not change.rule.startswith(("request-p", "response-p", "enum-value-", "default-")):
        return
    for mapped in (each for place in change.places if change.version == "v2" for each in fields_mapped_to(place)):
        for file in ("story", "media", "audio", "presets", "storyboard"):
            if found := mentions.line(f"{_RULES}/{file}.py", rf'\(\s*"{mapped.rule.field}"'):
                yield found._replace(text=f"the rule of v1's `{mapped.rule.field}` sends `{mapped.rule.to}`")
                break
    for package in _NARROW if is_elsewhere else _PACKAGES:
        yield from mentions.in_code(package, name)
    if not is_elsewhere:
        yield from mentions.in_pages(name)
    if count := mentions.cassettes(name):
        yield Task("cassettes", 0, f"{count} have `{name}`: scripts/record, if they are concerned")
