"""v1's pose presets: ``{"MotionType": "Auto", "Params": "Prompt=…|Quantity=1|…"}``, read and written.

Only the known keys count in ``Params``, so a prompt may contain ``|`` and ``=`` (``openapi/v1.yaml``, ``x-params``).
"""

from __future__ import annotations

import re

from vimmerse.emulator.defaults import default_motion
from vimmerse.emulator.models import Motion
from vimmerse.emulator.values import JsonObject, as_objects

_KEYS = (
    "Prompt|PromptStrength|Quantity|MotionAmount|MotionLength|Loop|AspectRatio|CameraPath|Zoom|EasyEase"
    "|HorizontalCrop|VerticalCrop|Seed|GuidanceScale|OriginalPrompt"
)
_BOUNDARY = re.compile(rf"(?:^|\|)({_KEYS})=")


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


def _motion(preset: JsonObject) -> Motion:
    """One preset as a motion. Numbers out of bounds are clamped, as there is no field to report."""
    tool, text = preset.get("MotionType"), preset.get("Params")
    params = text if isinstance(text, str) else ""
    parsed = parse(params)
    omitted = default_motion("v1")
    return Motion(
        tool=tool if isinstance(tool, str) and tool else omitted.tool,
        prompt=parsed.get("Prompt", ""),
        quantity=_number(parsed.get("Quantity"), omitted.quantity, 1, 4),
        duration=_number(parsed.get("MotionLength"), omitted.duration, 1, 10),
        loop=_number(parsed.get("Loop"), omitted.loop, 1, 6),
        aspect_ratio=parsed.get("AspectRatio", ""),
        params=params or None,
    )


def motions(value: object) -> list[Motion]:
    """A preset, or a list of them, as motions; without any there is one motion with every default."""
    presets = [value] if isinstance(value, dict) else as_objects(value)
    return [_motion(preset) for preset in presets] or [default_motion("v1")]


def written(motion: Motion) -> JsonObject:
    """A motion as a preset: the caller's own text, or one like the server's."""
    text = motion.params
    if text is None:
        text = (
            f"Prompt={motion.prompt}|CameraPath=|Quantity={motion.quantity}|MotionAmount=5"
            f"|MotionLength={motion.duration}|Loop={motion.loop}"
        )
        if motion.aspect_ratio:
            text += f"|AspectRatio={motion.aspect_ratio}"
    return {"MotionType": motion.tool, "Params": text}
