"""Both value tables, name by name, and the caller's own."""

from __future__ import annotations

from tests.cases.one_call import IDEA, idea
from tests.cases.rows import PASSED, Case, case, form, json, near, old, v1, v2

TOOLS = "video_tools"

SAME_TOOLS = ("Auto", "KlingAI", "Seedance", "Pixverse", "VeoFast", "Vidu", "AutoT1", "PVideo", "VeoLite")
NEAR_TOOLS = {
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
}
NO_TOOLS = ("TryOnVideo", "Parallax", "StaticMotion")

SAME_IMAGES = ("AutoI", "Seedream", "FluxTurbo", "NanoBanana", "QwenImage")
NEAR_IMAGES = {
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
}

CASES: tuple[Case, ...] = (
    *(
        case(
            f"motion type {name} is a v2 tool",
            form(IDEA, idea="A fox", motion_type=name),
            idea({"video_tool": name}),
            warns=[old("motion_type", "video_tool")],
        )
        for name in (*SAME_TOOLS, "SomeToolOf2027")
    ),
    *(
        case(
            f"motion type {name} becomes {tool}",
            form("POST /media", prompt="A fox", motion_type=name),
            v2("POST /v2/media", {"prompt": "A fox", "video_tool": tool}),
            warns=[near("motion_type", "video_tool")],
            mentions=[name, TOOLS],
        )
        for name, tool in NEAR_TOOLS.items()
    ),
    *(
        case(
            f"motion type {name} is v1's alone",
            form("POST /media", prompt="A fox", motion_type=name),
            v1("POST /media"),
            warns=[PASSED],
            mentions=[name],
        )
        for name in NO_TOOLS
    ),
    *(
        case(
            f"image option {name} is a v2 tool",
            form(IDEA, idea="A fox", option=name),
            idea({"image_tool": name}),
            warns=[old("option", "image_tool")],
        )
        for name in (*SAME_IMAGES, "SomeModelOf2027")
    ),
    *(
        case(
            f"image option {name} becomes {tool}",
            form("POST /story/s-1/scenes", option=name),
            v2("POST /v2/story/s-1/scenes", {"image_tool": tool}),
            warns=[near("option", "image_tool")],
            mentions=[name, "image_tools"],
        )
        for name, tool in NEAR_IMAGES.items()
    ),
    case(
        "image option Auto has another name",
        form(IDEA, idea="A fox", option="Auto"),
        idea({"image_tool": "AutoI"}),
        warns=[old("option", "image_tool")],
    ),
    *(
        case(
            f"a name in other letters: {name}",
            form(IDEA, idea="A fox", **{field: name}),
            idea({to: tool}),
            warns=[old(field, to)],
            policy={"mode": "strict"},
        )
        for field, name, to, tool in (
            ("motion_type", "KlingAi", "video_tool", "KlingAI"),
            ("video_tool", "veofast", "video_tool", "VeoFast"),
            ("option", "AUTO", "image_tool", "AutoI"),
            ("image_tool", "nanobanana", "image_tool", "NanoBanana"),
        )
    ),
    case(
        "an approximated name in other letters",
        form(IDEA, idea="A fox", video_tool="runwayml"),
        idea({"video_tool": "Auto"}),
        warns=[near("video_tool", "video_tool")],
    ),
    case(
        "an unsupported name in other letters",
        form("POST /media", prompt="A fox", motion_type="parallax"),
        v1("POST /media"),
        warns=[PASSED],
        mentions=["parallax"],
    ),
    *(
        case(
            f"a slip is passed on, and a name suggested: {name}",
            form(IDEA, idea="A fox", **{field: name}),
            idea({to: name}),
            warns=[old(field, to)],
            mentions=[meant],
            policy={"mode": "strict"},
        )
        for field, name, to, meant in (
            ("motion_type", "KlinAI", "video_tool", "did you mean 'KlingAI'"),
            ("video_tool", "VeoFsat", "video_tool", "did you mean 'VeoFast'"),
            ("video_tool", "Runway", "video_tool", "did you mean 'RunwayML', in v2 'Auto'"),
            ("image_tool", "Seadream", "image_tool", "did you mean 'Seedream'"),
        )
    ),
    case(
        "a v2 name that is not a misspelling is sent without a warning",
        form(IDEA, idea="A fox", video_tool="SomeToolOf2027"),
        idea({"video_tool": "SomeToolOf2027"}),
    ),
    case(
        "a prompt for the motion type Prompt is kept",
        json("POST /media/prompt", {"pose_preset": {"MotionType": "Prompt", "Params": "Prompt=A fox runs"}}),
        v2("POST /v2/media", {"video_tool": "Auto", "prompt": "A fox runs"}),
        warns=[near("pose_preset.MotionType", "video_tool"), old("pose_preset.Params.Prompt", "prompt")],
    ),
    case(
        "the caller's own table comes first",
        form(IDEA, idea="A fox", motion_type="RunwayML"),
        idea({"video_tool": "Vidu"}),
        warns=[old("motion_type", "video_tool")],
        policy={"video_tools": {"RunwayML": "Vidu"}},
    ),
    case(
        "the caller's own table makes the unsupported possible",
        form("POST /media", prompt="A fox", motion_type="Parallax"),
        v2("POST /v2/media", {"prompt": "A fox", "video_tool": "Auto"}),
        warns=[old("motion_type", "video_tool")],
        policy={"video_tools": {"Parallax": "Auto"}},
    ),
    case(
        "the caller's own image table",
        form(IDEA, idea="A fox", option="FluxPro"),
        idea({"image_tool": "Seedream"}),
        warns=[old("option", "image_tool")],
        policy={"image_tools": {"FluxPro": "Seedream"}},
    ),
    case(
        "the caller's own table in a pose preset",
        json("POST /media/prompt", {"pose_preset": {"MotionType": "Wan"}}),
        v2("POST /v2/media", {"video_tool": "PVideo"}),
        warns=[old("pose_preset.MotionType", "video_tool")],
        policy={"video_tools": {"Wan": "PVideo"}},
    ),
)
