r"""v1's ``Params`` text, both ways: ``Prompt=...|Quantity=1|MotionAmount=5|MotionLength=5|Loop=1|AspectRatio=...``.

The text has no escapes, so only the known keys split it: a prompt may hold ``|``, ``=`` and quotes. A key that stands
twice counts where it stands last, and what came before it belongs to the value it stands in: v1 writes the prompt
first, so a prompt that says ``|Loop=`` stays whole. Source: ``api/v1-media.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

KEYS = (
    "Prompt",
    "PromptStrength",
    "Quantity",
    "MotionAmount",
    "MotionLength",
    "Loop",
    "AspectRatio",
    "CameraPath",
    "Zoom",
    "EasyEase",
    "HorizontalCrop",
    "VerticalCrop",
    "Seed",
    "GuidanceScale",
    "OriginalPrompt",
)

_KEY = re.compile(r"(?:^|\|)(" + "|".join(KEYS) + ")=")


def parse_params(text: str) -> dict[str, str]:
    """The values of a ``Params`` text by key, in the order of the text."""
    found = _kept(text)
    ends = [*(match.start() for match in found[1:]), len(text)]
    return {match[1]: text[match.end() : end] for match, end in zip(found, ends, strict=False)}


def before_params(text: str) -> str:
    """What stands before the first key that counts, and so belongs to none."""
    found = _kept(text)
    return text[: found[0].start()] if found else text


def _kept(text: str) -> list[re.Match[str]]:
    last = {match[1]: match for match in _KEY.finditer(text)}
    return sorted(last.values(), key=lambda match: match.start())


def format_params(preset: Mapping[str, Any]) -> str:
    """The ``Params`` text for a v2 pose preset (``prompt``, ``quantity``, ``motion_length``, ``loop``, ...).

    The prompt comes first: see the module's law.
    """

    def said(name: str, default: object) -> object:
        value = preset.get(name)
        return default if value is None else value

    return (
        f"Prompt={said('prompt', '')}|CameraPath={said('camera_path', '')}|Quantity={said('quantity', 1)}"
        f"|MotionAmount={said('motion_amount', 5)}|MotionLength={said('motion_length', 5)}"
        f"|Loop={said('loop', 1)}|AspectRatio={said('aspect_ratio', '')}"
    )
