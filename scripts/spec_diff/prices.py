"""What ``vimmerse.pricing`` makes of a field: found out by asking it for estimates."""

from __future__ import annotations

import re
from typing import Any

from vimmerse.pricing import estimate_call

from scripts.spec_diff.changes import as_text
from scripts.spec_diff.shapes import UNSTATED

_SAMPLES: tuple[Any, ...] = (1, 7, True, False, "Auto", "AutoT1", ["x"], ["x"] * 7, [{}], [{}] * 7)
_ABOUT = re.compile(r"[^.;]*\b(?:credits?|prices?|paid|costs?)\b[^.;]*", re.IGNORECASE)


def _body(path: str, value: Any) -> dict[str, Any]:
    body: Any = value if path else {}
    for name in reversed(path.replace("[]", "").split(".") if path else ()):
        body = {name: body}
    return {"idea": "x", "prompt": "x", **body}


def price_of(operation: str, path: str, value: Any) -> float:
    """The estimate in credits of a call with this value of a field."""
    is_given = path and value != UNSTATED
    return estimate_call(operation, _body(path, value) if is_given else _body("", None)).credits


def prices(operation: str, path: str) -> bool:
    """Whether the price of a call depends on this field, or on one within."""
    if not path:
        return False
    within = [path, *(f"{path}.{name}" for name in ("native_audio", "scenes"))]
    return any(len({price_of(operation, each, value) for value in _SAMPLES}) > 1 for each in within)


def price_text(facts: dict[str, Any]) -> str:
    """What facts say about a price, or empty."""
    if "x-price" in facts:
        return f"x-price: {as_text(facts['x-price'])}"
    match = _ABOUT.search(str(facts.get("description", "")))
    return " ".join(match[0].split()) if match else ""
