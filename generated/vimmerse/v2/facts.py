# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""The specification: its facts as constants (defaults, prices, statuses, dates), and the document."""

# Type checkers treat it like typing's; importing typing would cost more than all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

#: What the service uses for an omitted field, by operation. A field inside an object has a dotted name.
DEFAULTS: "Mapping[str, Mapping[str, Any]]" = {
    "POST /v2/story/idea-2-video": {
        "scene_count": 3,
        "video_tool": "Auto",
        "scene_duration": 5,
        "audio_option.narrator": "AutoV",
        "audio_option.has_narration": True,
        "audio_option.has_bg_music": True,
        "audio_option.native_audio": False,
    },
    "POST /v2/story/url-2-video": {
        "scene_count": 3,
        "video_tool": "Auto",
        "scene_duration": 5,
        "audio_option.narrator": "AutoV",
        "audio_option.has_narration": True,
        "audio_option.has_bg_music": True,
        "audio_option.native_audio": False,
    },
    "POST /v2/story/images-2-video": {
        "video_tool": "Auto",
        "scene_duration": 5,
        "audio_option.narrator": "AutoV",
        "audio_option.has_narration": True,
        "audio_option.has_bg_music": True,
        "audio_option.native_audio": False,
    },
    "POST /v2/story": {
        "scene_count": 3,
        "audio_option.narrator": "AutoV",
        "audio_option.has_narration": True,
        "audio_option.has_bg_music": True,
        "audio_option.native_audio": False,
    },
    "POST /v2/story/{story_id}/scenes": {
        "audio_option.narrator": "AutoV",
        "audio_option.has_narration": True,
        "audio_option.has_bg_music": True,
        "audio_option.native_audio": False,
    },
    "POST /v2/story/{story_id}/videos": {"video_tool": "Auto", "duration": 5},
    "POST /v2/media": {
        "video_tool": "Auto",
        "quantity": 1,
        "duration": 5,
        "loop": 1,
        "audio_option.narrator": "AutoV",
        "audio_option.narration": None,
        "audio_option.narration_url": None,
        "audio_option.bg_music_prompt": None,
        "audio_option.bg_music_url": None,
        "audio_option.native_audio": False,
    },
    "PUT /v2/media/{media_id}": {
        "audio_option.narrator": "AutoV",
        "audio_option.narration": None,
        "audio_option.narration_url": None,
        "audio_option.bg_music_prompt": None,
        "audio_option.bg_music_url": None,
        "audio_option.native_audio": False,
    },
}
#: What each status of a job means: "running", "succeeded", "failed" or "cancelled".
STATUSES: "Mapping[str, Mapping[str, str]]" = {
    "StoryStatus": {
        "new": "running",
        "queued": "running",
        "processing": "running",
        "success": "succeeded",
        "failed": "failed",
        "error": "failed",
        "cancelled": "cancelled",
        "canceled": "cancelled",
    },
    "MediaStatus": {
        "new": "running",
        "queued": "running",
        "processing": "running",
        "success": "succeeded",
        "failed": "failed",
        "error": "failed",
        "cancelled": "cancelled",
        "canceled": "cancelled",
    },
}
#: Credits per second of video, by video tool.
RATES: "Mapping[str, int]" = {
    "Auto": 10,
    "KlingAI": 10,
    "Seedance": 10,
    "Pixverse": 10,
    "VeoFast": 10,
    "Vidu": 10,
    "AutoT1": 5,
    "PVideo": 5,
    "VeoLite": 5,
}
#: What to say about the rate of a tool.
RATE_NOTES: "Mapping[str, str]" = {"Vidu": "the vendor's page says 10 and 5"}
#: Native audio multiplies a price by it.
NATIVE_AUDIO_FACTOR: "int" = 2
#: The fields whose product is the seconds that a call pays for: a count (of an array, its length), and a duration.
PAID: "Mapping[str, tuple[str, str]]" = {
    "POST /v2/story/idea-2-video": ("scene_count", "scene_duration"),
    "POST /v2/story/url-2-video": ("scene_count", "scene_duration"),
    "POST /v2/story/images-2-video": ("image_urls", "scene_duration"),
    "POST /v2/story/{story_id}/videos": ("storyboard.scenes", "duration"),
    "POST /v2/media": ("quantity", "duration"),
    "PUT /v2/media/{media_id}": ("quantity", "duration"),
}
#: What is assumed about the price of a call, as no page states it.
INFERRED_PRICES: "Mapping[str, str]" = {
    "POST /v2/media": "a media costs what a scene of its length costs",
    "PUT /v2/media/{media_id}": "a media costs what a scene of its length costs",
}
#: The fields with which alone a paid call is free.
FREE_FIELDS: "Mapping[str, frozenset[str]]" = {
    "PUT /v2/media/{media_id}": frozenset(
        ("description", "rating", "title", "visibility_status", "webhook_url")
    )
}
#: The calls whose price the vendor publishes nowhere.
UNPUBLISHED_PRICES: "frozenset[str]" = frozenset(
    ("POST /v2/image", "POST /v2/story/{story_id}/concat")
)
#: Since when this version is deprecated, as YYYY-MM-DD; empty: it is not.
DEPRECATED_SINCE: "str" = ""
#: When this version ends, as YYYY-MM-DD; empty: no date is known.
SUNSET: "str" = ""


def openapi() -> "dict[str, Any]":
    """Return the OpenAPI document of this version, a new dict for each call.

    It has no merge keys, aliases or references to other files. It is read when it is needed.
    """
    from json import loads
    from pkgutil import get_data

    document: dict[str, Any] = loads(get_data(__package__ or "", "openapi.json") or b"")
    return document
