"""The value tables: v1's motion types and image options, and what v2 has for each.

Sources: ``api/v1-story.txt`` and ``api/v1-media.txt`` (v1's names), ``api/v2-story.txt`` and ``api/v2-media.txt``
(v2's names and prices).
"""

from __future__ import annotations

from vimmerse.compat.rules.kinds import ValueTable

_NO_TOOL = "v2 has no tool that does this"
_WITHOUT_NEAR_TOOL = (
    *("LumaAI", "LumaRay2", "MinimaxHailuo", "Hunyuan", "RunwayML", "Wan", "LeonardoMotion", "AutoT3", "PicoMotion"),
    *("Sora", "SoraPro", "Prompt", "StableDiffusionMotion"),
)
_WITHOUT_NEAR_IMAGE_TOOL = (
    *("StableDiffusion3.5", "Flux1.1Pro", "Flux1.1ProUltra", "FluxPro", "FluxFinetuned", "FluxKontextMax"),
    *("FluxKontextPro", "OpenAI-Image-1", "GPTImage", "LeonardoImage"),
)

VIDEO_TOOLS = ValueTable(
    name="motion types",
    setting="video_tools",
    same=frozenset({"Auto", "KlingAI", "Seedance", "Pixverse", "VeoFast", "Vidu", "AutoT1", "PVideo", "VeoLite"}),
    renames={},
    near={
        "Kling2": "KlingAI",
        "KlingT4": "KlingAI",
        "Veo": "VeoFast",
        "SeedanceFast": "Seedance",
        "PixverseT3": "Pixverse",
        **dict.fromkeys(_WITHOUT_NEAR_TOOL, "Auto"),
    },
    unsupported={"TryOnVideo": _NO_TOOL, "Parallax": _NO_TOOL, "StaticMotion": _NO_TOOL},
)

IMAGE_TOOLS = ValueTable(
    name="image options",
    setting="image_tools",
    same=frozenset({"AutoI", "Seedream", "FluxTurbo", "NanoBanana", "QwenImage"}),
    renames={"Auto": "AutoI"},
    near={"NanoBananaPro": "NanoBanana", **dict.fromkeys(_WITHOUT_NEAR_IMAGE_TOOL, "AutoI")},
    unsupported={},
)

#: All names of tools that the tables know, for texts that must not contain any other value.
TOOL_NAMES = frozenset(
    name
    for table in (VIDEO_TOOLS, IMAGE_TOOLS)
    for names in (table.same, table.renames, table.near, table.unsupported)
    for name in names
)
