# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Literal

AnimationModel = Literal[
    "FashnTryOn", "KlingTryOn", "NanoBananaProTryOn", "S2V", "SeedreamTryOn", "ViduTryOn"
]

ANIMATION_MODEL_VALUES: set[AnimationModel] = {
    "FashnTryOn",
    "KlingTryOn",
    "NanoBananaProTryOn",
    "S2V",
    "SeedreamTryOn",
    "ViduTryOn",
}


def check_animation_model(value: str) -> AnimationModel:
    if value in ANIMATION_MODEL_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {ANIMATION_MODEL_VALUES!r}")
