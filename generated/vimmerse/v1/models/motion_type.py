# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Literal

MotionType = Literal[
    "Auto",
    "AutoT1",
    "AutoT3",
    "Hunyuan",
    "Kling2",
    "KlingAI",
    "KlingT4",
    "LeonardoMotion",
    "LumaAI",
    "LumaRay2",
    "MinimaxHailuo",
    "Parallax",
    "PicoMotion",
    "Pixverse",
    "PixverseT3",
    "Prompt",
    "PVideo",
    "RunwayML",
    "Seedance",
    "SeedanceFast",
    "Sora",
    "SoraPro",
    "StableDiffusionMotion",
    "StaticMotion",
    "TryOnVideo",
    "Veo",
    "VeoFast",
    "VeoLite",
    "Vidu",
    "Wan",
]

MOTION_TYPE_VALUES: set[MotionType] = {
    "Auto",
    "AutoT1",
    "AutoT3",
    "Hunyuan",
    "Kling2",
    "KlingAI",
    "KlingT4",
    "LeonardoMotion",
    "LumaAI",
    "LumaRay2",
    "MinimaxHailuo",
    "Parallax",
    "PicoMotion",
    "Pixverse",
    "PixverseT3",
    "Prompt",
    "PVideo",
    "RunwayML",
    "Seedance",
    "SeedanceFast",
    "Sora",
    "SoraPro",
    "StableDiffusionMotion",
    "StaticMotion",
    "TryOnVideo",
    "Veo",
    "VeoFast",
    "VeoLite",
    "Vidu",
    "Wan",
}


def check_motion_type(value: str) -> MotionType:
    if value in MOTION_TYPE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {MOTION_TYPE_VALUES!r}")
