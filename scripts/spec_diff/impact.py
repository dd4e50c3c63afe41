"""What a change means for each audience.

The client of the version that has changed is judged by the catalogue; the others by what this repository does with the
specs: ``compat_impact`` asks the rules and the mapping of responses, and this module the jobs and the prices.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from vimmerse.jobs import states
from vimmerse.pricing import estimate_call

from scripts.spec_diff.catalogue import BY_ID, Severity
from scripts.spec_diff.changes import Change
from scripts.spec_diff.compat_impact import Compat
from scripts.spec_diff.judged import Audience, Effect, JudgedChange
from scripts.spec_diff.mentions import Mentions
from scripts.spec_diff.prices import price_of, price_text, prices
from scripts.spec_diff.rates import rate_of, trend
from scripts.spec_diff.shapes import Call, Spec

GONE = frozenset({"removed", "renamed", "changed"})
_READ = GONE | {"optional", "deprecated"}
#: About the calls with which jobs are waited for.
_POLLED = {
    "operation-removed": "waits make this call",
    "operation-deprecated": "waits make this call, so each of them warns",
    "security-changed": "waits make this call",
    "response-success-status-added": "waits of older releases end with an error",
    "response-success-status-changed": "waits of older releases end with an error",
    "response-media-type-removed": "waits read its response",
}
#: What a price means by how it has changed.
_PRICES: dict[str, tuple[Severity, str]] = {
    "more": ("breaking", "calls cost more than older releases estimate, and limits let through"),
    "less": ("warning", "calls cost less than older releases estimate"),
    "unknown": ("breaking", "calls may cost more than older releases estimate, which go by the old formula"),
}
_ANY = {"idea": "a cat", "prompt": "a cat"}


class Judge:
    """Judges changes by the code of this checkout."""

    def __init__(self, old: Mapping[str, Spec], new: Mapping[str, Spec], mentions: Mentions) -> None:
        self._old, self._new, self._mentions = old, new, mentions
        self._compat = Compat(old, new)

    def judge(self, change: Change) -> JudgedChange:
        judged = JudgedChange(change)
        client: Audience = "v1-client" if change.version == "v1" else "v2-client"
        rule = BY_ID[change.rule]
        if rule.client != "none":
            judged.effects[client] = [Effect(rule.client, rule.why)]
        judges: dict[Audience, Iterator[Effect]] = {
            "compat": self._compat.effects(change),
            "jobs": self._jobs(change),
            "money": self._money(change),
        }
        for audience, effects in judges.items():
            if found := list(dict.fromkeys(effects)):
                judged.effects[audience] = found
        return judged

    # Jobs: waiting, downloads, webhooks

    def _jobs(self, change: Change) -> Iterator[Effect]:
        if change.rule == "status-added":
            yield from self._status_added(change)
        elif change.rule == "status-finality-changed":
            yield from self._status_changed(change)
        elif change.rule == "status-removed":
            if self._compat.is_last(change):
                yield Effect("breaking", f"no status says {change.old} any more: a wait runs to its deadline")
            else:
                yield Effect("info", "no job has it any more")
        elif change.rule in ("server-changed", "security-scheme-changed", "webhook-removed", "webhook-added"):
            yield Effect("warning", "waits, downloads and webhooks depend on it")
        elif change.rule.startswith("response-alternative-"):
            yield from self._alternative(change)
        elif change.rule in _POLLED and change.version == "v2":
            yield from self._polled(change)
        elif change.rule.startswith("response-") and (
            change.rule.rpartition("-")[2] in _READ or change.rule == "response-required-property-became-nullable"
        ):
            is_result = any(
                place.direction == "response" and (change.version != "v1" or place.operation.startswith("webhook "))
                for place in change.places
            )
            if is_result and (found := self._mentions.in_code("jobs", change.name.removesuffix("[]"))):
                level: Severity = "warning" if change.rule.endswith("-deprecated") else "breaking"
                yield Effect(level, f"vimmerse.jobs reads it ({found[0].where})")
            elif change.rule == "response-property-type-changed" and any(not place.path for place in change.places):
                yield from self._polled(change)

    def _alternative(self, change: Change) -> Iterator[Effect]:
        names = {place.path.rpartition(".")[2].removesuffix("[]") for place in change.places}
        for name in sorted(names - {""}):
            if found := self._mentions.in_code("jobs", name):
                yield Effect("warning", f"vimmerse.jobs reads {name} ({found[0].where})")

    def _polled(self, change: Change) -> Iterator[Effect]:
        """What is about a call that waits make."""
        for key in dict.fromkeys(place.operation for place in change.places if not place.path):
            call = self._old[change.version].calls.get(key) or self._new[change.version].calls.get(key)
            name = str(call.node.get("operationId", "")) if call else ""
            if name and (found := self._mentions.in_code("jobs", name)):
                level: Severity = "warning" if change.rule == "operation-deprecated" else "breaking"
                yield Effect(level, f"{_POLLED.get(change.rule, 'waits read its response')} ({found[0].where})")

    def _status_changed(self, change: Change) -> Iterator[Effect]:
        word = states.normalised(change.name)
        outcomes = {"succeeded": states.SUCCEEDED, "failed": states.FAILED, "cancelled": states.CANCELLED}
        ended = any(word in words for words in outcomes.values())
        if ended != bool(change.new):
            yield Effect("breaking", f"a wait {'ends at it' if ended else 'goes on after it'}")
        elif change.new in outcomes and word not in outcomes[change.new]:
            yield Effect("breaking", f"vimmerse.jobs takes it for another outcome than {change.new}")
        else:
            yield Effect("warning", "older releases take it for what it was")

    def _status_added(self, change: Change) -> Iterator[Effect]:
        word = states.normalised(change.name)
        ended = word in states.SUCCEEDED | states.FAILED | states.CANCELLED
        if change.new is None:
            yield Effect(
                "warning", "the spec does not say whether it is final (x-final); until it does, a wait goes on"
            )
        elif change.new and not ended:
            yield Effect("breaking", "it is final, and vimmerse.jobs does not know it: a wait runs to its deadline")
        elif change.new:
            yield Effect("warning", "it is final, and older releases wait to their deadline")
        elif ended:
            yield Effect("breaking", "it is not final, and vimmerse.jobs takes it for final: a wait ends too early")
        else:
            yield Effect("info", "a wait goes on, as it should")

    # Money: what a call costs, and what estimates and limits say

    def _money(self, change: Change) -> Iterator[Effect]:
        rule, calls = change.rule, self._calls_of(change)
        if rule == "price-text-changed":
            yield Effect("warning", "a price is described in other words: does x-price still say the same?")
        elif rule == "price-changed":
            yield Effect(*_PRICES[trend(change.old, change.new)])
        elif rule == "price-stated" and None in (change.old, change.new):
            lost = change.new is None
            yield Effect("warning" if lost else "info", f"its price is {'no longer' if lost else 'now'} stated as data")
        elif rule.startswith("default-"):
            yield from self._default(change, calls)
        elif rule in ("operation-added", "paged-operation-added"):
            yield from self._new_call(change)
        elif rule == "enum-value-added" and change.version != "v1":
            yield from self._new_value(change, [key for key, path in calls if prices(key, path)])
        elif rule in ("request-property-added", "request-property-added-required") and change.version != "v1":
            if change.shape is not None and price_text(change.shape.facts):
                yield Effect(
                    "warning", f"it has a price ({price_text(change.shape.facts)}), which estimates don't know"
                )
            elif any("paid" in text for text in self._update_notes(change)):
                yield Effect("warning", "in an update, any field that is not known to be free starts a paid generation")
        elif rule.startswith("request-") and rule.rpartition("-")[2] in (*GONE, "narrowed", "widened"):
            if priced := [key for key, path in calls if prices(key, path)]:
                level: Severity = "warning" if rule.endswith("-widened") else "breaking"
                yield Effect(level, f"estimates and limits read it ({', '.join(priced)})")
        elif rule == "request-constraint-relaxed":
            if priced := [key for key, path in calls if prices(key, path)]:
                yield Effect("info", f"one call may cost more than before ({', '.join(priced)})")
        elif rule.startswith("response-property") and "credit" in change.name and rule.rpartition("-")[2] in GONE:
            yield Effect("breaking", "programs read there what a call has cost")
        elif rule.startswith("response-success-status"):
            calls_at = dict.fromkeys(place.operation for place in change.places)
            paid = [key for key in calls_at if key in self._new[change.version].calls and self._is_paid(change, key)]
            if paid:
                yield Effect("breaking", f"it is paid for, and older releases don't return the job ({', '.join(paid)})")
        elif rule in ("operation-removed", "operation-path-changed") and estimate_call(change.name, _ANY).credits:
            yield Effect("breaking", "estimates and limits know the paid call by this path")

    def _is_paid(self, change: Change, key: str) -> bool:
        return change.version == "v2" and says_paid(self._new[change.version].calls[key])

    def _new_value(self, change: Change, priced: list[str]) -> Iterator[Effect]:
        model = self._new[change.version].models.get(change.subjects[0])
        rates = model.facts.get("x-price") if model else None
        rate = rate_of(rates, change.name)
        if priced and rate is None:
            text = (
                f"the spec does not say what it costs (x-price); estimates take the highest rate ({', '.join(priced)})"
            )
            yield Effect("warning", text)
        elif rate is not None:
            yield Effect("info", f"its price: {rate}")

    def _calls_of(self, change: Change) -> list[tuple[str, str]]:
        return [(place.operation, place.path) for place in change.places if place.direction == "request"]

    def _update_notes(self, change: Change) -> Iterator[str]:
        for key, _ in self._calls_of(change):
            call = self._new[change.version].calls.get(key)
            if call is not None and key.startswith("PUT "):
                yield str(call.facts.get("description", "")).lower()

    def _default(self, change: Change, calls: list[tuple[str, str]]) -> Iterator[Effect]:
        if change.version == "v1":
            return
        for key, path in calls:
            if change.rule == "default-removed":
                if prices(key, path):
                    yield Effect("warning", f"estimates go by the old default, {change.shown[0]} ({key})")
                continue
            before, after = price_of(key, path, change.old), price_of(key, path, change.new)
            if before != after:
                how = "more" if after > before else "less"
                level = "breaking" if after > before else "warning"
                text = f"a call without it costs {how}: {before:g} -> {after:g} credits ({key})"
                yield Effect(level, text)  # type: ignore[arg-type]
            elif change.rule == "default-changed" and prices(key, path):
                yield Effect("warning", f"the price depends on it ({key})")

    def _new_call(self, change: Change) -> Iterator[Effect]:
        call = self._new[change.version].calls[change.name]
        if change.version == "v1" or change.name.startswith(("GET ", "DELETE ")):
            return
        if says_paid(call) and not estimate_call(change.name, _ANY).credits:
            yield Effect("breaking", "it is paid, and vimmerse.pricing takes it for free: limits don't hold it back")
        elif not says_paid(call) and call.facts.get("x-price") != "free":
            yield Effect("warning", "the spec does not say what it costs; vimmerse.pricing takes it for free")


def says_paid(call: Call) -> bool:
    if "x-price" in call.facts:
        return isinstance(call.facts["x-price"], dict)
    text = str(call.facts.get("description", "")).lower()
    return "paid" in text or "costs like" in text
