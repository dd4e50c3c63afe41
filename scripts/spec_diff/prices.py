"""What ``vimmerse.pricing`` makes of a field: found out by asking it for estimates."""

from __future__ import annotations

import re
from typing import Any

from vimmerse.pricing import estimate_call

_SAMPLES: tuple[Any, ...] = (1, 7, True, False, "Auto", "AutoT1", ["x"], ["x"] * 7, [{}], [{}] * 7)
_ABOUT = re.compile(r"[^.;]*\b(?:credits?|prices?|paid|costs?)\b[^.;]*", re.IGNORECASE)


def _body(path: str, value: Any) -> dict[str, Any]:
    body: Any = value
    for name in reversed(path.replace("[]", "").split(".")):
        body = {name: body}
    return {"idea": "x", "prompt": "x", **body}


def price_of(operation: str, path: str, value: Any) -> float:
    """The estimate in credits of a call with this value of a field."""
    return estimate_call(operation, _body(path, value) if path else {}).credits


def prices(operation: str, path: str) -> bool:
    """Whether the price of a call depends on this field, or on one within."""
    if not path:
        return False
    within = [path, *(f"{path}.{name}" for name in ("native_audio", "scenes"))]
    return any(len({price_of(operation, each, value) for value in _SAMPLES}) > 1 for each in within)


def rate_of(price: Any, name: str) -> Any:
    """What ``x-price`` says about a value, at whatever depth, or None."""
    if not isinstance(price, dict):
        return None
    return price[name] if name in price else next(filter(None, (rate_of(each, name) for each in price.values())), None)


def is_dearer(old: Any, new: Any) -> bool:
    """Whether something costs more by the second ``x-price``. What can't be compared may."""
    if isinstance(old, dict) and isinstance(new, dict):
        return any(is_dearer(old.get(name), new[name]) for name in new if old.get(name) != new[name])
    if isinstance(old, int | float) and isinstance(new, int | float):
        return new > old
    return bool(old != new and new != "free")


def price_text(facts: dict[str, Any]) -> str:
    """What facts say about a price, or empty."""
    if "x-price" in facts:
        return f"x-price: {facts['x-price']}"
    match = _ABOUT.search(str(facts.get("description", "")))
    return " ".join(match[0].split()) if match else ""
