# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Literal

CameraPath = Literal[
    "Circular",
    "Cross",
    "HorizontalArc",
    "StepD",
    "StepIn",
    "StepL",
    "StepR",
    "StepU",
    "VerticalArc",
]

CAMERA_PATH_VALUES: set[CameraPath] = {
    "Circular",
    "Cross",
    "HorizontalArc",
    "StepD",
    "StepIn",
    "StepL",
    "StepR",
    "StepU",
    "VerticalArc",
}


def check_camera_path(value: str) -> CameraPath:
    if value in CAMERA_PATH_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {CAMERA_PATH_VALUES!r}")
