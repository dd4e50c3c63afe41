"""The ``webhook_url`` of every call: it keeps its name, but what is posted there changes."""

from __future__ import annotations

from vimmerse.compat.core.fields import Value
from vimmerse.compat.rules.engine import Rule, Translation

_PAYLOAD = (
    "v2 does not document what it posts there. Read it with vimmerse.jobs.parse_webhook, which takes every known form, "
    "or turn it into v1's with vimmerse.jobs.v1_payload"
)


def webhook_url(*, keep_empty: bool = False, note: str = "Same.") -> Rule:
    """The rule of a call's ``webhook_url``, with one notice about the payload."""

    def apply(translation: Translation, value: Value) -> None:
        if value == "" and not keep_empty:
            return
        translation.put("webhook_url", value)
        if value != "":
            translation.note_changed("webhook_url", value, "webhook_url", value, _PAYLOAD)

    return Rule("webhook_url", "same", "webhook_url", f"{note} What v2 posts there is not documented.", apply)
