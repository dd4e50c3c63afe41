"""v1's ``Params`` text, both ways: ``Prompt=...|Quantity=1|MotionAmount=5|MotionLength=5|Loop=1|AspectRatio=...``.

The text has no escapes, so only the known keys split it: a prompt may contain ``|``, ``=`` and quotes. The last
occurrence of a key counts, and an earlier one belongs to the value around it: v1 writes the prompt first, so a prompt
that contains ``|Loop=`` stays intact. Source: ``api/v1-media.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from vimmerse.compat.rules.response_fields import OBJECTS

KEYS = (
    *("Prompt", "PromptStrength", "Quantity", "MotionAmount", "MotionLength", "Loop", "AspectRatio", "CameraPath"),
    *("Zoom", "EasyEase", "HorizontalCrop", "VerticalCrop", "Seed", "GuidanceScale", "OriginalPrompt"),
)
_PROMPTS = frozenset({"Prompt", "OriginalPrompt"})

_KEY = re.compile(r"(?:^|\|)(" + "|".join(KEYS) + ")=")


def parse_params(text: str) -> dict[str, str]:
    """Return the values of a ``Params`` text by key, in the order of the text."""
    keys = _last_keys(text)
    ends = [*(match.start() for match in keys[1:]), len(text)]
    return {match[1]: text[match.end() : end] for match, end in zip(keys, ends, strict=False)}


def read_params(text: str) -> tuple[dict[str, str], list[str]]:
    """Return the values of a caller's text, and the parts of it that belong to no known key.

    These are what is before the first key, and what follows a ``|`` in any value but a prompt.
    """
    keys = _last_keys(text)
    strays = [text[: keys[0].start()] if keys else text]
    values = parse_params(text)
    for key, value in values.items():
        if key not in _PROMPTS:
            values[key], _, stray = value.partition("|")
            strays.append(stray)
    return values, [stray for stray in strays if stray.strip("| \t\r\n")]


def _last_keys(text: str) -> list[re.Match[str]]:
    last = {match[1]: match for match in _KEY.finditer(text)}
    return sorted(last.values(), key=lambda match: match.start())


# The keys of a response's text, with v2's names of their values and the values of those that are missing.
_UNDOCUMENTED = {"Params.CameraPath": "camera_path", "Params.MotionAmount": "motion_amount"}
_FORMATTED = tuple(
    (row.v1.removeprefix("Params."), row.v2 or _UNDOCUMENTED[row.v1], row.default[0])
    for row in OBJECTS["pose_preset"].fields
    if row.v1.startswith("Params.") and row.default
)


def format_params(preset: Mapping[str, Any]) -> str:
    """Return the ``Params`` text of a v2 pose preset (``prompt``, ``quantity``, ``motion_length``, ``loop``, ...)."""
    parts = []
    for key, name, default in _FORMATTED:
        value = preset.get(name)
        parts.append(f"{key}={default if value is None else value}")
    return "|".join(parts)
