# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Literal

ImageTool = Literal["AutoI", "FluxTurbo", "NanoBanana", "QwenImage", "Seedream"]

IMAGE_TOOL_VALUES: set[ImageTool] = {
    "AutoI",
    "FluxTurbo",
    "NanoBanana",
    "QwenImage",
    "Seedream",
}


def check_image_tool(value: str) -> ImageTool:
    if value in IMAGE_TOOL_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {IMAGE_TOOL_VALUES!r}")
