"""What an ``x-price`` says, and how it has changed."""

from __future__ import annotations

from typing import Any, Literal

Trend = Literal["more", "unknown", "less", "same"]
WORDS = ("notes", "inferred")  # nothing is computed with them


def rate_of(price: Any, name: str) -> Any:
    """What ``x-price`` says about a value, at whatever depth, or None."""
    if not isinstance(price, dict):
        return None
    return price[name] if name in price else next(filter(None, (rate_of(each, name) for each in price.values())), None)


def without_words(price: Any) -> Any:
    """An ``x-price`` without what is only said about it."""
    return {word: each for word, each in price.items() if word not in WORDS} if isinstance(price, dict) else price


def trend(old: Any, new: Any) -> Trend:
    """Whether the same costs more or less than before. One rise is enough for ``more``; formulas can't be compared."""
    old, new = without_words(old), without_words(new)
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return _trend("", old, new)
    names = {**old, **new}
    if all(_is_number(each) for side in (old, new) for each in side.values()):  # rates: one that is new, or gone, ...
        names = {name: None for name in old if name in new}  # ... changes no other
    found = {_trend(name, old.get(name), new.get(name)) for name in names}
    order: tuple[Trend, ...] = ("more", "unknown", "less", "same")
    return next(each for each in order if each in (found or {"same"}))


def _trend(name: str, old: Any, new: Any) -> Trend:
    if old == new:
        return "same"
    if name == "free":  # the fields with which alone a call costs nothing
        return "less" if set(old or ()) < set(new or ()) else "more"
    if isinstance(old, dict) and isinstance(new, dict):
        return trend(old, new)
    if _is_number(old) and _is_number(new):
        return "more" if new > old else "less"
    return "less" if new == "free" else "more" if old == "free" and isinstance(new, dict) else "unknown"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
