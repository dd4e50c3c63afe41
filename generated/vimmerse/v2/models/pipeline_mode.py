# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Literal

PipelineMode = Literal["Advanced", "Quick"]

PIPELINE_MODE_VALUES: set[PipelineMode] = {
    "Advanced",
    "Quick",
}


def check_pipeline_mode(value: str) -> PipelineMode:
    if value in PIPELINE_MODE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {PIPELINE_MODE_VALUES!r}")
