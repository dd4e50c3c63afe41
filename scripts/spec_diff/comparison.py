"""What every comparison of two specs does: make changes, and compare what is said of something."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from scripts.spec_diff.changes import Change
from scripts.spec_diff.rates import trend, without_words
from scripts.spec_diff.shapes import Node, Place, Shape, Spec

_MONEY = re.compile(r"\b(credits?|prices?|paid|free|costs?|doubles?|doubled)\b|US\$|\$\d", re.IGNORECASE)
_PROSE = ("description", "summary", "$comment", "externalDocs")
_OWN_RULES = {
    "deprecated",
    "x-replaced-by",
    "x-sunset",
    "x-since",
    "x-price",
    "x-final",
    "x-default",
    "default",
}


class Comparison:
    """Two specs of the same version."""

    def __init__(self, old: Spec, new: Spec) -> None:
        self.old, self.new, self.version = old, new, new.version

    def change(self, rule: str, name: str, subject: str = "", **given: Any) -> Change:
        return Change(rule, self.version, name, [subject] if subject else [], **given)

    def facts(
        self, old: Node, new: Node, name: str, subject: str, places: list[Place], shape: Shape | None = None
    ) -> Iterator[Change]:
        def change(rule: str, **given: Any) -> Change:
            return self.change(rule, name or subject, subject, places=places, shape=shape, **given)

        flags = [bool(each.get("deprecated")) for each in (old, new)]
        successors = [each.get("x-replaced-by") for each in (old, new)]
        is_call = shape is None and " " in subject
        if flags[0] != flags[1]:
            # A field of a response may be read without anybody noticing; only a request can warn.
            is_sent = is_call or any(place.direction == "request" for place in places)
            what = "operation" if is_call else "property" if is_sent or not flags[1] else "response-property"
            yield change(f"{what}-{'deprecated' if flags[1] else 'reactivated'}", new=successors[1])
        elif successors[0] != successors[1]:
            yield change("successor-changed", old=successors[0], new=successors[1])
        for word in ("x-sunset", "x-since"):
            if old.get(word) != new.get(word):
                yield change(f"{word.removeprefix('x-')}-changed", old=old.get(word), new=new.get(word))
        if old.get("x-price") != new.get("x-price"):
            is_worded = without_words(old.get("x-price")) == without_words(new.get("x-price"))
            rule = "price-text-changed" if is_worded else "price-changed"
            if ("x-price" in old) != ("x-price" in new) or (
                not is_worded and trend(old["x-price"], new["x-price"]) == "same"
            ):
                rule = "price-stated"
            yield change(rule, old=old.get("x-price"), new=new.get("x-price"))
        texts = [_texts(each) for each in (old, new)]
        if texts[0] != texts[1]:
            about = [_about_money(each) for each in texts]
            if (
                about[0] != about[1] and subject != self.version and ("x-price" in new) <= ("x-price" in old)
            ):  # not words that became data
                yield change(
                    "price-text-changed",
                    old=" ".join(sorted(about[0] - about[1])),
                    new=" ".join(sorted(about[1] - about[0])),
                )
            else:
                yield change("description-changed")
        for word in sorted({**old, **new}):
            keyword = word.rpartition("/")[2]
            if word in _OWN_RULES or keyword in _PROSE or old.get(word) == new.get(word):
                continue
            rule = "extension-changed"
            if keyword in ("example", "examples"):
                rule = "example-changed"
            elif keyword.endswith("provenance"):
                rule = "provenance-changed"
            yield self.change(
                rule,
                word,
                subject if name in ("", subject) else f"{subject}.{name}",
                places=places,
                old=as_json(old.get(word)),
                new=as_json(new.get(word)),
            )


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _texts(facts: Node) -> str:
    texts = [str(value) for word, value in sorted(facts.items()) if word.rpartition("/")[2] in _PROSE]
    return " ".join(" ".join(texts).split())


def _about_money(text: str) -> set[str]:
    """The sentences about prices."""
    return {sentence for sentence in re.split(r"(?<=[.;])\s+", text) if _MONEY.search(sentence)}
