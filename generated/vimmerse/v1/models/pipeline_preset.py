# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Literal

PipelinePreset = Literal["Fast", "Normal"]

PIPELINE_PRESET_VALUES: set[PipelinePreset] = {
    "Fast",
    "Normal",
}


def check_pipeline_preset(value: str) -> PipelinePreset:
    if value in PIPELINE_PRESET_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {PIPELINE_PRESET_VALUES!r}")
