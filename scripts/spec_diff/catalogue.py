"""The rules of changes, which ``rules.yaml`` lists: what each is called, and what it means for a client.

The ids follow those of oasdiff where it has the same rule. Severities differ from a generic differ's, since these specs
have open objects and require nothing: a field that is gone from a response breaks whoever reads it, although no answer
becomes invalid; a value that is new in an enum breaks nobody, since every enum is open, unless it is a status.
``impact`` judges what follows for the other audiences.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

import yaml

Severity = Literal["breaking", "warning", "info", "none"]
SEVERITIES: tuple[Severity, ...] = ("none", "info", "warning", "breaking")
Section = Literal["Added", "Changed", "Deprecated", "Removed", ""]


class Rule(NamedTuple):
    """A kind of change.

    Attributes:
        group: What it is about: the document, operations, requests.
        client: Its severity for a program that uses the client of the version that has changed.
        example: One, in a few words.
        why: Why it has this severity.
        section: Of the changelog; empty if users can't notice it.
        entry: The line of the changelog, with ``{name}``, ``{on}``, ``{old}`` and ``{new}``.
    """

    id: str
    group: str
    client: Severity
    example: str
    why: str
    section: Section = ""
    entry: str = ""


def _read() -> list[Rule]:
    groups = yaml.safe_load(Path(__file__).with_name("rules.yaml").read_text("utf-8"))
    return [Rule(id, group, **values) for group, rules in groups.items() for id, values in rules.items()]


BY_ID = {rule.id: rule for rule in _read()}
