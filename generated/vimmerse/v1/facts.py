# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""The specification: its facts as constants (defaults, prices, statuses, dates), and the document."""

# Type checkers treat it like typing's; importing typing would cost more than all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

#: What the service uses for an omitted field, by operation. A field inside an object has a dotted name.
DEFAULTS: "Mapping[str, Mapping[str, Any]]" = {
    "POST /story/idea-2-video": {
        "idea": "",
        "title": "",
        "description": "",
        "visibility_status": "1",
        "scene_count": 3,
        "option": "FluxKontextPro",
        "generate_elements": True,
        "enhance_image": True,
        "aspect_ratio": "16:9",
        "is_transition": "No",
        "motion_type": "Auto",
        "duration": 5,
        "loop": 1,
        "narrator": "Rachel",
        "background_music": True,
        "sound_effects": "No",
        "audio_option.narrator": "Rachel",
        "audio_option.has_narration": True,
        "audio_option.has_bg_music": True,
        "audio_option.native_audio": False,
    },
    "POST /story/url-2-video": {
        "idea": "",
        "title": "",
        "description": "",
        "visibility_status": "1",
        "scene_count": 3,
        "option": "FluxKontextPro",
        "generate_elements": True,
        "enhance_image": True,
        "aspect_ratio": "16:9",
        "is_transition": "No",
        "motion_type": "Auto",
        "duration": 5,
        "loop": 1,
        "narrator": "Rachel",
        "background_music": True,
        "sound_effects": "No",
        "audio_option.narrator": "Rachel",
        "audio_option.has_narration": True,
        "audio_option.has_bg_music": True,
        "audio_option.native_audio": False,
    },
    "POST /story/images-2-video": {
        "idea": "",
        "title": "",
        "description": "",
        "visibility_status": "1",
        "enhance_image": True,
        "aspect_ratio": "16:9",
        "is_transition": "No",
        "motion_type": "Auto",
        "duration": 5,
        "loop": 1,
        "narrator": "Rachel",
        "background_music": True,
        "sound_effects": "No",
        "audio_option.narrator": "Rachel",
        "audio_option.has_narration": True,
        "audio_option.has_bg_music": True,
        "audio_option.native_audio": False,
    },
    "POST /story": {
        "idea": "",
        "title": "",
        "scene_count": 3,
        "aspect_ratio": "16:9",
        "visibility_status": "1",
        "narrator": "Rachel",
        "background_music": True,
        "sound_effects": "No",
        "audio_option.narrator": "Rachel",
        "audio_option.has_narration": True,
        "audio_option.has_bg_music": True,
        "audio_option.native_audio": False,
    },
    "POST /story/{story_id}/elements": {
        "option": "FluxKontextPro",
        "aspect_ratio": "9:16",
        "enhance_image": False,
        "background_music": True,
    },
    "POST /story/{story_id}/scenes": {
        "option": "FluxKontextPro",
        "aspect_ratio": "16:9",
        "enhance_image": True,
        "generate_elements": True,
        "narrator": "Rachel",
        "background_music": True,
        "sound_effects": "No",
        "audio_option.narrator": "Rachel",
        "audio_option.has_narration": True,
        "audio_option.has_bg_music": True,
        "audio_option.native_audio": False,
    },
    "POST /story/{story_id}/videos": {
        "title": "",
        "is_transition": "No",
        "motion_type": "Auto",
        "duration": 5,
        "loop": 1,
        "sound_effects": "No",
    },
    "POST /media": {
        "title": "",
        "description": "",
        "visibility_status": "1",
        "prompt": "",
        "motion_type": "Auto",
        "camera_control": "HorizontalArc",
        "quantity": 1,
        "duration": 5,
        "loop": 1,
        "motion_range": 5,
        "sound_effects": "No",
        "audio_option.native_audio": False,
        "extend_video": "No",
        "character_animate": "No",
    },
    "POST /media/upload": {
        "data.title": "",
        "data.description": "",
        "data.visibility_status": "1",
        "data.submit_params.scale_factor": "1",
        "data.submit_params.pipeline_preset": "Fast",
        "data.submit_params.file_size": "",
        "data.submit_params.sound_effects": "No",
        "data.is_transition": "No",
    },
    "POST /media/prompt": {
        "title": "",
        "description": "",
        "visibility_status": "1",
        "submit_params.scale_factor": "1",
        "submit_params.pipeline_preset": "Fast",
        "submit_params.file_size": "",
        "submit_params.sound_effects": "No",
    },
    "PUT /media/{media_id}": {"audio_option.native_audio": False},
    "PUT /media/{media_id}/edit": {"audio_option.native_audio": False},
}
#: What each status of a job means: "running", "succeeded", "failed" or "cancelled".
STATUSES: "Mapping[str, Mapping[str, str]]" = {
    "StoryStatus": {
        "new": "running",
        "processing": "running",
        "success": "succeeded",
        "fail": "failed",
    },
    "MediaStatus": {
        "queue_bullet": "running",
        "processing_bullet": "running",
        "success": "succeeded",
        "fail": "failed",
        "cancel": "cancelled",
    },
}
#: Since when this version is deprecated, as YYYY-MM-DD; empty: it is not.
DEPRECATED_SINCE: "str" = "2026-11-20"
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
