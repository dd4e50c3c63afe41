"""Columns of a batch with the names of v1: the rules translate each row.

    from vimmerse.batch import read_table
    from vimmerse.compat.migrate.columns import V1Columns

    table = read_table("clips.csv", translate=V1Columns())

A row with a value in a column of v1 is what a v1 call with its fields is: it also gets v1's defaults where v2's differ.
All other rows are v2's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from vimmerse.batch.operations import OPERATIONS
from vimmerse.batch.tables.rows import Translated
from vimmerse.compat.core.fields import Fields
from vimmerse.compat.core.messages import Notice
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.rules import media, story
from vimmerse.compat.rules.engine import Operation, Translation, translate_body

_V1 = {operation.v1: operation for operation in (*story.OPERATIONS, *media.OPERATIONS)}
_BY_NAME: Mapping[str, Operation] = {
    name: _V1[operation.call.replace("/v2/", "/")] for name, operation in OPERATIONS.items()
}
_NARRATOR = "audio_option.narrator"


class V1Columns:
    """A translator for :func:`vimmerse.batch.read_table`: its columns may have the names of v1."""

    def __init__(self, policy: Policy | None = None) -> None:
        """``policy``: how to translate; in strict mode a loss is an error. By default what the environment says."""
        self._policy = policy or Policy.from_env()

    def columns(self, operation: str) -> Collection[str]:
        """Return the fields that v1 has for an operation of :data:`vimmerse.batch.operations.OPERATIONS`."""
        return _BY_NAME[operation].by_field

    def translate(self, operation: str, fields: Mapping[str, Any]) -> Translated:
        """Return the v2 body of a v1 call with these fields. Nothing is sent."""
        rules = _BY_NAME[operation]
        values = {name: [value] for name, value in fields.items()}
        translation = translate_body(rules, Fields(values, "json"), self._policy)
        errors = [(notice.field, _without_call(notice)) for notice in translation.losses]
        errors += _overridden(rules, fields)
        losses: list[tuple[str, str]] = []
        if self._policy.mode != "strict":
            errors, losses = losses, errors
        if translation.passthrough_reason:
            text = f"v2 can't do this: {translation.passthrough_reason}"
            errors.append((translation.passthrough_field, text))
        for name in translation.follow_up:
            errors.append((name, "v2 sets it by a second call, after the first; leave it empty, and update the media"))
        return Translated(
            body=translation.body,
            origins=translation.origins,
            renames=tuple(_renames(translation)),
            losses=tuple(losses),
            errors=tuple(errors),
        )


def _renames(translation: Translation) -> dict[tuple[str, str], None]:
    """Return the columns of v1 and what to call them in v2: the same texts for each row."""
    found: dict[tuple[str, str], None] = {}
    for notice in translation.notices:
        if notice.v2_field and notice.v2_field != notice.field:
            found[notice.field, f"this column is v1's; in v2 it is {notice.v2_field}"] = None
    narrator = (translation.body.get("audio_option") or {}).get("narrator")
    if narrator and not translation.fields.is_set("narrator") and _NARRATOR not in translation.origins:
        given = translation.fields.get("audio_option")
        if not (isinstance(given, Mapping) and given.get("narrator")):
            text = f"rows with columns of v1 that name no narrator get v1's default, {narrator}; v2's is AutoV"
            found["", text] = None
    return found


def _overridden(rules: Operation, fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the columns of v1 whose field a column of v2 gives too, with another value, and what becomes of them."""
    for name, value in fields.items():
        rule = rules.by_field.get(name)
        if rule is None or not rule.to or rule.to == name:
            continue
        given: Any = fields
        for part in rule.to.split("."):
            given = given.get(part) if isinstance(given, Mapping) else None
        if given is not None and given != value:
            yield name, f"it is left out: {rule.to}, its name in v2, is given too"


def _without_call(notice: Notice) -> str:
    return notice.text.removeprefix(f"{notice.operation}: ")
