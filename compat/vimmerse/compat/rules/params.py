"""v1's ``Params`` text, both ways: ``Prompt=...|Quantity=1|MotionAmount=5|MotionLength=5|Loop=1|AspectRatio=...``.

The text has no escapes, so only the known keys split it: a prompt may contain ``|``, ``=`` and quotes. The last
occurrence of a key counts, and an earlier one belongs to the value around it: v1 writes the prompt first, so a prompt
that contains ``|Loop=`` stays intact. Source: ``api/v1-media.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

KEYS = (
    *("Prompt", "PromptStrength", "Quantity", "MotionAmount", "MotionLength", "Loop", "AspectRatio", "CameraPath"),
    *("Zoom", "EasyEase", "HorizontalCrop", "VerticalCrop", "Seed", "GuidanceScale", "OriginalPrompt"),
)

_KEY = re.compile(r"(?:^|\|)(" + "|".join(KEYS) + ")=")


def parse_params(text: str) -> dict[str, str]:
    """Return the values of a ``Params`` text by key, in the order of the text."""
    keys = _last_keys(text)
    ends = [*(match.start() for match in keys[1:]), len(text)]
    return {match[1]: text[match.end() : end] for match, end in zip(keys, ends, strict=False)}


def before_params(text: str) -> str:
    """Return the text before the first key, which belongs to none."""
    keys = _last_keys(text)
    return text[: keys[0].start()] if keys else text


def _last_keys(text: str) -> list[re.Match[str]]:
    last = {match[1]: match for match in _KEY.finditer(text)}
    return sorted(last.values(), key=lambda match: match.start())


def format_params(preset: Mapping[str, Any]) -> str:
    """Return the ``Params`` text of a v2 pose preset (``prompt``, ``quantity``, ``motion_length``, ``loop``, ...)."""

    def value_of(name: str, default: object) -> object:
        value = preset.get(name)
        return default if value is None else value

    return (
        f"Prompt={value_of('prompt', '')}|CameraPath={value_of('camera_path', '')}|Quantity={value_of('quantity', 1)}"
        f"|MotionAmount={value_of('motion_amount', 5)}|MotionLength={value_of('motion_length', 5)}"
        f"|Loop={value_of('loop', 1)}|AspectRatio={value_of('aspect_ratio', '')}"
    )
