"""The value tables: v1's motion types and image options, and what v2 has for each.

Sources: ``api/v1-story.txt`` and ``api/v1-media.txt`` (v1's names), ``api/v2-story.txt`` and ``api/v2-media.txt``
(v2's names and prices). Any name that is in no table is passed on as it is.
"""

from __future__ import annotations

from vimmerse.compat.rules.kinds import ValueTable

_NO_TOOL = "v2 has no tool that does this"

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
        "LumaAI": "Auto",
        "LumaRay2": "Auto",
        "MinimaxHailuo": "Auto",
        "Hunyuan": "Auto",
        "RunwayML": "Auto",
        "Wan": "Auto",
        "LeonardoMotion": "Auto",
        "AutoT3": "Auto",
        "PicoMotion": "Auto",
        "Sora": "Auto",
        "SoraPro": "Auto",
        "Prompt": "Auto",
        "StableDiffusionMotion": "Auto",
    },
    unsupported={"TryOnVideo": _NO_TOOL, "Parallax": _NO_TOOL, "StaticMotion": _NO_TOOL},
)

IMAGE_TOOLS = ValueTable(
    name="image options",
    setting="image_tools",
    same=frozenset({"AutoI", "Seedream", "FluxTurbo", "NanoBanana", "QwenImage"}),
    renames={"Auto": "AutoI"},
    near={
        "NanoBananaPro": "NanoBanana",
        "StableDiffusion3.5": "AutoI",
        "Flux1.1Pro": "AutoI",
        "Flux1.1ProUltra": "AutoI",
        "FluxPro": "AutoI",
        "FluxFinetuned": "AutoI",
        "FluxKontextMax": "AutoI",
        "FluxKontextPro": "AutoI",
        "OpenAI-Image-1": "AutoI",
        "GPTImage": "AutoI",
        "LeonardoImage": "AutoI",
    },
    unsupported={},
)
