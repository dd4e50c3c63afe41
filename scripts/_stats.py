"""openapi/stats.json: what the generated code was made from, in numbers. ``scripts/regenerate`` writes it.

A spec's revision is a date and the beginning of a hash. The hash is that of its content, so comments, order and layout
don't count; the date is the day on which ``scripts/regenerate`` first saw this content. The clients have both as
``SPEC_REVISION``.

``templates.at_most`` is a ratchet: it follows the number of template lines that are not upstream's downwards, and a run
that finds more lines fails.
"""

from __future__ import annotations

import datetime
import difflib
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

PATH = "openapi/stats.json"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
Node = dict[str, Any]


class TooMany(Exception):
    """The templates have grown; the message says what to do."""


def read(root: Path) -> Node:
    """The stored numbers; empty if there are none."""
    path = root / PATH
    stored = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return stored if isinstance(stored, dict) else {}


def text(stats: Node) -> str:
    return json.dumps(stats, indent=2, ensure_ascii=False) + "\n"


def revision(spec: Node) -> str:
    """A spec's revision, from its entry in ``specs``: ``2026-11-22.3f9a1c2b40de``."""
    return f"{spec['date']}.{spec['sha256'][:12]}"


def measured(stored: Node, specs: Mapping[str, Node], tools: Mapping[str, str], own: Path, upstream: Path) -> Node:
    """The numbers of today, but for the rules, which ``scripts/derive`` counts.

    Args:
        stored: The numbers of the last run.
        specs: The specs by version.
        tools: The versions of the generator and the formatter.
        own: The folder of the templates.
        upstream: The folder of the generator's own.

    Raises:
        TooMany: More template lines than before are not upstream's.
    """
    templates = template_lines(own, upstream)
    at_most = min(stored.get("templates", {}).get("at_most", templates["not_upstream"]), templates["not_upstream"])
    if templates["not_upstream"] > at_most:
        raise TooMany(
            f"openapi/templates: {templates['not_upstream']} lines are not upstream's, and {at_most} were. Put the "
            f"code into compat/vimmerse/_http; if it must be a template, raise `at_most` in {PATH}, and say why"
        )
    known = stored.get("specs", {})
    return {
        "specs": {version: _spec(spec, known.get(version, {})) for version, spec in specs.items()},
        "rules": stored.get("rules", {}),
        "tools": dict(tools),
        "templates": {**templates, "at_most": at_most},
    }


def _spec(spec: Node, stored: Node) -> Node:
    content = json.dumps(spec, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    digest = hashlib.sha256(content).hexdigest()
    is_known = stored.get("sha256") == digest
    schemas = (spec.get("components") or {}).get("schemas") or {}
    return {
        "sha256": digest,
        "date": stored["date"] if is_known else datetime.datetime.now(datetime.UTC).date().isoformat(),
        "operations": sum(method in item for item in spec["paths"].values() for method in METHODS),
        "fields": sum(len(schema.get("properties") or {}) for schema in schemas.values()),
    }


def template_lines(own: Path, upstream: Path) -> dict[str, int]:
    """How many lines the templates have, and how many of them upstream's template of the same name does not have."""
    files = sorted(path for path in own.rglob("*") if path.is_file())
    return {
        "lines": sum(len(_lines(path)) for path in files),
        "not_upstream": sum(sum(1 for _ in _added(path, upstream / path.relative_to(own))) for path in files),
    }


def _added(own: Path, upstream: Path) -> Iterator[str]:
    theirs = _lines(upstream) if upstream.is_file() else []
    return (line for line in difflib.ndiff(theirs, _lines(own)) if line.startswith("+ "))


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def rules() -> dict[str, int]:
    """How many operations of v1 have rules, and how many rules they have. It imports the compat layer."""
    from vimmerse.compat.flows.routing import OPERATIONS

    every = OPERATIONS.values()
    return {
        "operations": len(every),
        "fields": sum(len(operation.rules) for operation in every),
        "fields_of_similar_operations": sum(len(operation.extra_rules) for operation in every),
        "fields_within_objects": sum(len(inner) for operation in every for inner in operation.nested.values()),
    }
