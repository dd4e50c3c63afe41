"""What a v1 program sees differently when it replays a converted cassette, and the rule that explains it.

Fields that the recorded response does not have are no difference: v1 programs ignore them, and the compat layer gives
v2's own fields beside v1's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

_MISSING = object()
#: Paths of fields (``*`` for the index of a list) that v2's format can't hold, and why.
EXPLANATIONS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), why)
    for pattern, why in (
        (r"(.+\.)?result\.\*\.(?!url$)[^.]+", "a result of v2 is a URL and nothing else"),
        (r"(.+\.)?pose_preset", "v2 returns one motion as an object; only the response to its creation lists it"),
        (r"(.+\.)?progress_percentage", "a job that has ended is at 100 percent"),
        (r"(.+\.)?(processing_)?status", "v1's word for a job that failed is fail"),
        (r"(.+\.)?storyboard\.scenes\.\*\.URL", "a scene has its image as image_url"),
        (r"(.+\.)?storyboard\.(characters|environments|objects)\.\*\.image_url", "an element has its image as URL"),
    )
)
#: The same for a response with an error status.
ERROR_TEXT = "the text of an error that the compat layer itself returns"
NOT_JSON = "an error that is not JSON becomes one in v1's format"


class Difference(NamedTuple):
    """A field of the recorded response that replays with another value, or not at all.

    Attributes:
        field: Its path, with ``*`` for the index of a list.
        why: The rule that explains it; empty if there is none.
    """

    field: str
    why: str


def differences(recorded: Any, replayed: Any) -> list[Difference]:
    """Return the fields of a recorded JSON value that the replayed one does not have with the same value."""
    found = dict.fromkeys(_changed_fields(recorded, replayed, ""))
    return [Difference(field, _explain(field)) for field in found]


def _explain(field: str) -> str:
    return next((why for pattern, why in EXPLANATIONS if pattern.fullmatch(field)), "")


def _changed_fields(recorded: Any, replayed: Any, field: str) -> Iterator[str]:
    if isinstance(recorded, dict) and isinstance(replayed, dict):
        for name, value in recorded.items():
            yield from _changed_fields(value, replayed.get(name, _MISSING), f"{field}.{name}" if field else name)
    elif isinstance(recorded, list) and isinstance(replayed, list) and len(recorded) == len(replayed):
        for one, other in zip(recorded, replayed, strict=True):
            yield from _changed_fields(one, other, f"{field}.*")
    elif type(recorded) is not type(replayed) or recorded != replayed:
        yield field
