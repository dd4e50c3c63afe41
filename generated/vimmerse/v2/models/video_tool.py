# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Literal

VideoTool = Literal[
    "Auto", "AutoT1", "KlingAI", "Pixverse", "PVideo", "Seedance", "VeoFast", "VeoLite", "Vidu"
]

VIDEO_TOOL_VALUES: set[VideoTool] = {
    "Auto",
    "AutoT1",
    "KlingAI",
    "Pixverse",
    "PVideo",
    "Seedance",
    "VeoFast",
    "VeoLite",
    "Vidu",
}


def check_video_tool(value: str) -> VideoTool:
    if value in VIDEO_TOOL_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {VIDEO_TOOL_VALUES!r}")
