"""v1's pose presets: ``{"MotionType": "Auto", "Params": "Prompt=…|Quantity=1|…"}``, read and written.

Keys in ``Params`` are the known ones alone, so that a prompt may hold ``|`` and ``=`` (``openapi/v1.yaml``,
``x-params``).
"""

from __future__ import annotations

import re

from vimmerse.emulator.calls import objects
from vimmerse.emulator.models import JsonObject, Motion

_KEYS = (
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
_BOUNDARY = re.compile(rf"(?:^|\|)({'|'.join(_KEYS)})=")


def parse(text: str) -> dict[str, str]:
    """The parameters by key. A repeated key counts where it stands last; before that it is part of a prompt."""
    last = {match[1]: match for match in _BOUNDARY.finditer(text)}
    kept = sorted(last.values(), key=lambda match: match.start())
    ends = [*(match.start() for match in kept[1:]), len(text)]
    return {match[1]: text[match.end() : end] for match, end in zip(kept, ends, strict=False)}


def _number(text: str | None, default: int, low: int, high: int) -> int:
    try:
        return min(high, max(low, int(float(text or default))))
    except (ValueError, OverflowError):
        return default


def motion(preset: JsonObject) -> Motion:
    """One preset as a motion; numbers out of bounds are pulled in, as there is no field to complain about."""
    tool, text = preset.get("MotionType"), preset.get("Params")
    params = text if isinstance(text, str) else ""
    found = parse(params)
    return Motion(
        tool=tool if isinstance(tool, str) and tool else "Auto",
        prompt=found.get("Prompt", ""),
        quantity=_number(found.get("Quantity"), 1, 1, 4),
        duration=_number(found.get("MotionLength"), 5, 1, 10),
        loop=_number(found.get("Loop"), 1, 1, 6),
        aspect_ratio=found.get("AspectRatio", ""),
        params=params or None,
    )


def motions(value: object) -> list[Motion]:
    """A preset, or a list of them, as motions; nothing is one motion with every default."""
    if isinstance(value, dict):
        return [motion(value)]
    return [motion(one) for one in objects(value)] or [Motion()]


def written(found: Motion) -> JsonObject:
    """A motion as a preset: the caller's own text, or one like the server's."""
    text = found.params
    if text is None:
        text = (
            f"Prompt={found.prompt}|CameraPath=|Quantity={found.quantity}|MotionAmount=5"
            f"|MotionLength={found.duration}|Loop={found.loop}"
        )
        if found.aspect_ratio:
            text += f"|AspectRatio={found.aspect_ratio}"
    return {"MotionType": found.tool, "Params": text}
