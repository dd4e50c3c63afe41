"""The ``webhook_url`` of every call: it keeps its name, but the payload differs."""

from __future__ import annotations

from vimmerse.compat.core.fields import Value
from vimmerse.compat.rules.engine import Rule, Translation

_PAYLOAD = (
    "v2 does not document what it posts there. Read it with vimmerse.jobs.parse_webhook, which accepts every known "
    "format, or convert it to v1's with vimmerse.jobs.v1_payload"
)


def webhook_url(*, keep_empty: bool = False, note: str = "Same.") -> Rule:
    """Return the rule of ``webhook_url``, with a notice about the payload."""

    def apply(translation: Translation, value: Value) -> None:
        if value != "" or keep_empty:
            translation.put("webhook_url", value)
        if value != "":
            translation.note_changed("webhook_url", value, "webhook_url", value, _PAYLOAD)

    return Rule("webhook_url", "same", "webhook_url", f"{note} v2 does not document the payload.", apply)
