"""A report as SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import Any

from vimmerse.compat.migrate.check.findings import CheckReport, Remark, Result
from vimmerse.compat.migrate.check.kinds import KINDS, Kind, guide_url
from vimmerse.compat.migrate.check.paths import relative_path, uri
from vimmerse.v2 import __version__

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_RULES = list(KINDS)
_PLACEHOLDER = re.compile(r"\{(\d+)\}")


def to_sarif(report: CheckReport, root: str) -> dict[str, Any]:
    """The report as the JSON values of a SARIF log. Paths are relative to ``root``, the root of the repository."""
    seen: Counter[tuple[str, ...]] = Counter()
    results = [_result(each, root, seen) for each in report.results()]
    run = {
        "tool": {
            "driver": {
                "name": "vimmerse check",
                "version": __version__,
                "informationUri": guide_url("from-v1-to-v2"),
                "rules": [_rule(kind) for kind in KINDS.values()],
            }
        },
        "invocations": [
            {
                "executionSuccessful": not report.unreadable,
                "toolExecutionNotifications": [
                    _notification(each, root) for each in report.remarks if each.kind != "unsure"
                ],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(kind: Kind) -> dict[str, Any]:
    address = guide_url(kind.section)
    return {
        "id": kind.id,
        "name": "".join(word.capitalize() for word in kind.id.split("-")),
        "shortDescription": {"text": kind.title},
        "fullDescription": {"text": kind.help},
        "help": {
            "text": f"{kind.help} The migration guide: {address}",
            "markdown": f"{kind.help} [The migration guide]({address})",
        },
        "helpUri": address,
        "defaultConfiguration": {"level": kind.severity},
        "properties": {"tags": ["vimmerse"], "precision": "high"},
    }


def _result(result: Result, root: str, seen: Counter[tuple[str, ...]]) -> dict[str, Any]:
    path = relative_path(result.path, root)
    # Lines are left out: a result remains the same one when code above it changes.
    identity = (result.kind.id, path, result.text)
    seen[identity] += 1
    fingerprint = hashlib.sha256("\0".join((*identity, str(seen[identity]))).encode(errors="replace")).hexdigest()
    lines = (result.text, *result.details, f"[The migration guide]({guide_url(result.section)})")
    return {
        "ruleId": result.kind.id,
        "ruleIndex": _RULES.index(result.kind.id),
        "level": result.kind.severity,
        "message": {"text": "\n".join([*map(_plain, lines[:-1]), lines[-1]])},
        "locations": [_location(path, result.line, result.column)],
        "partialFingerprints": {"vimmerseCheck/v1": fingerprint[:32]},
    }


def _plain(text: str) -> str:
    """Change what SARIF would read as a link or as a placeholder in a message."""
    unicode = text.encode("utf-8", "replace").decode()  # a literal of Python may hold half of a surrogate pair
    return _PLACEHOLDER.sub(r"{{\1}}", unicode.replace("](", "] ("))


def _notification(remark: Remark, root: str) -> dict[str, Any]:
    return {
        "descriptor": {"id": remark.kind},
        "level": "error" if remark.kind == "unreadable" else "note",
        "message": {"text": _plain(remark.text)},
        "locations": [_location(relative_path(remark.path, root), remark.line, 0)],
    }


def _location(path: str, line: int, column: int) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": uri(path), "uriBaseId": "%SRCROOT%"}}
    if path.startswith("/") or path[1:3] == ":/":
        del place["artifactLocation"]["uriBaseId"]
    if line:
        place["region"] = {"startLine": line, **({"startColumn": column} if column else {})}
    return {"physicalLocation": place}
