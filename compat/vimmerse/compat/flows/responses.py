"""v2's answers in v1's shape.

Laws:

* ``{"data": {...}}`` around everything, and nothing that v2 said is lost: its fields stay beside v1's, but in a
  storyboard, where v1's name for the same thing stands alone.
* What is given here comes back: an answer, or any part of it, that is sent complete_update_body means what it meant.
* A job that has ended, well or not, is at 100 percent: v1's programs wait for that.
* A value that v1 never had (a new status, say) stays as it is.
* Errors keep their status; v1's ``message`` is v2's ``code``; the names in a 422 are those that the caller wrote.

Sources: ``api/v1-story.txt``, ``api/v1-media.txt``; what is decided rather than documented is marked in the specs.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from vimmerse.compat.rules.conversions import boolean
from vimmerse.compat.rules.params import format_params
from vimmerse.compat.rules.storyboard import to_v1_scene, to_v1_storyboard

Json = dict[str, Any]


def _number(text: str) -> float | None:
    number = float(text)
    return None if math.isinf(number) else number


# Servers that are written in Python say NaN and Infinity, which is not JSON: null is what others make of it.
_decoder = json.JSONDecoder(parse_constant=lambda name: None, parse_float=_number)
_SPACE = " \t\n\r"


def parse(body: bytes) -> Any:
    """The JSON value of a v2 answer. Raises ``ValueError`` or ``RecursionError``."""
    text = body.decode().removeprefix("\ufeff")  # a byte order mark, that some servers begin with
    # As decode(), which looks for space on both sides by regular expressions: half of the time of a small answer.
    if not text or text[0] in _SPACE or text[-1] in _SPACE:
        text = text.strip(_SPACE)
    value, end = _decoder.raw_decode(text)
    if end != len(text):
        raise ValueError(f"there is more after the JSON value, at {end}")
    return value


# v1's stories know no other end than success and fail.
STORY_STATUS: Mapping[str, str] = {"failed": "fail", "error": "fail", "cancelled": "fail", "canceled": "fail"}
MEDIA_STATUS: Mapping[str, str] = {
    "new": "queue_bullet",
    "queued": "queue_bullet",
    "processing": "processing_bullet",
    "failed": "fail",
    "error": "fail",
    "cancelled": "cancel",
    "canceled": "cancel",
}
# v2 tells no progress of a media: v1's pages show 100 at success, the rest is a decision. A job that has ended without
# a result is at 100 too: v1's own programs wait for that, whatever the status is.
PROGRESS: Mapping[str, int] = {
    "success": 100,
    "processing_bullet": 50,
    "queue_bullet": 20,
    "fail": 100,
    "cancel": 100,
}
_ENDS = ("success", "fail", "cancel")
_UNKNOWN_PROGRESS = 20  # on its way, as far as anybody knows


def quoted(value: str, safe: str = "") -> str:
    """A path segment or query value, percent-encoded."""
    return quote(value, safe=safe)


def v1_time(value: Any) -> Any:
    """v1 has a space where v2 has a ``T``."""
    if isinstance(value, str) and value[10:11] == "T" and value[:4].isdigit():
        return f"{value[:10]} {value[11:]}"
    return value


def v1_media_status(value: Any) -> Any:
    """A v2 ``processing_status`` in v1's words."""
    return MEDIA_STATUS.get(value, value) if isinstance(value, str) else value


def progress(status: Any) -> int:
    """The percentage that v1 would show for one of its statuses."""
    return PROGRESS.get(status, _UNKNOWN_PROGRESS) if isinstance(status, str) else _UNKNOWN_PROGRESS


def _progress_of(translation: Json) -> Any:
    """The percentage of a media whose status is v1's already: v2's own, should it tell one, until the end."""
    status = translation.get("processing_status")
    return 100 if status in _ENDS else translation.get("progress_percentage", progress(status))


def _times(found: Json) -> None:
    for name in ("created_at", "updated_at"):
        if name in found:
            found[name] = v1_time(found[name])


def _yes_no(value: Any) -> Any:
    return {True: "Yes", False: "No"}.get(value, value) if isinstance(value, bool) else value


def story(found: Json) -> Json:
    """A v2 story as v1 shows it."""
    translation = dict(found)
    if isinstance(translation.get("status"), str):
        translation["status"] = STORY_STATUS.get(translation["status"], translation["status"])
        if translation["status"] == "fail" and "progress_percentage" in translation:
            translation["progress_percentage"] = 100
    board = to_v1_storyboard(translation.get("storyboard"))
    if "storyboard" in translation:
        translation["storyboard"] = board
    if not found:  # DELETE answers {} where there is no last snapshot
        return translation
    scenes = board.get("scenes") if isinstance(board, dict) else None
    translation.setdefault("scenes", [to_v1_scene(scene) for scene in scenes] if isinstance(scenes, list) else [])
    medias = translation.get("all_medias")
    translation.setdefault("medias", [_story_media(item) for item in medias] if isinstance(medias, list) else [])
    if translation.get("video_url") is None:
        translation["video_url"] = ""
    _times(translation)
    return translation


def _story_media(found: Any) -> Any:
    if not isinstance(found, dict):
        return found
    translation = media(found)
    if "id" in translation:
        translation.setdefault("media_id", translation["id"])
    return translation


def result_entry(value: Any) -> Any:
    """v1 clients read ``result[0]["url"]``; v2 gives the URL alone."""
    return {"url": value} if isinstance(value, str) else value


def _pose_preset(preset: Any) -> Any:
    if not isinstance(preset, dict) or "MotionType" in preset:
        return preset
    return {**preset, "MotionType": preset.get("motion_type") or "Auto", "Params": format_params(preset)}


def _submit_params(params: Any) -> Any:
    if not isinstance(params, dict):
        return params
    translation = {**params}
    if "sound_effects" not in translation:
        translation["sound_effects"] = "Yes" if boolean(params.get("native_audio")) is True else "No"
    translation.setdefault("native_audio", boolean(translation["sound_effects"]) is True)
    translation.setdefault("pipeline_preset", "Fast")
    translation.setdefault("file_size", "")
    translation.setdefault("scale_factor", "1")
    return translation


def _between_two_frames(items: Any) -> bool:
    if not isinstance(items, list):
        return False
    positions = [item.get("position") for item in items if isinstance(item, dict)]
    return "First" in positions and "Last" in positions


_EMPTY_MEDIA: Mapping[str, Callable[[], Any]] = {
    "rating": str,
    "batch_id": str,
    "visibility_status": lambda: "1",
    "file_map": list,
    "intermediate_results": list,
    "video_history": list,
    "bullet_version": lambda: "1",
    "nsfw": lambda: "0",
    "service_name": lambda: None,
    "service_version": lambda: None,
}


def media(found: Json, *, whole: bool = True, listed: bool = False) -> Json:
    """A v2 media as v1 shows it.

    ``whole`` is off where the caller asked for some fields only, ``listed`` on where its motion was given as a list.
    """
    translation = dict(found)
    if "processing_status" in translation:
        translation["processing_status"] = v1_media_status(translation["processing_status"])
    if "pose_preset" in translation:
        preset = _pose_preset(translation["pose_preset"])
        translation["pose_preset"] = [preset] if listed and not isinstance(preset, list) else preset
    if "submit_params" in translation:
        translation["submit_params"] = _submit_params(translation["submit_params"])
    if isinstance(translation.get("result"), list):
        translation["result"] = [result_entry(item) for item in translation["result"]]
    _times(translation)
    if "is_transition" in translation:
        translation["is_transition"] = _yes_no(translation["is_transition"])
    if whole and found:
        if "processing_status" in translation:
            translation["progress_percentage"] = _progress_of(translation)
        translation.setdefault("is_transition", "Yes" if _between_two_frames(translation.get("media_items")) else "No")
        for name, empty in _EMPTY_MEDIA.items():
            if name not in translation:
                translation[name] = empty()
    return translation


def media_status(found: Json) -> Json:
    """The answer of v1's status route: the progress is text there."""
    translation = dict(found)
    translation["processing_status"] = v1_media_status(translation.get("processing_status"))
    translation["progress_percentage"] = str(_progress_of(translation))
    return translation


# Several v2 media as one of v1


def _together(statuses: Sequence[Any]) -> tuple[Any, int]:
    """The status and progress of several: failed if one has failed or was cancelled, else the least advanced."""
    if "fail" in statuses or "cancel" in statuses:
        return "fail", 100
    return min(statuses, key=progress), sum(map(progress, statuses)) // len(statuses)


def merge_media(parts: Sequence[Json], composite: str) -> Json:
    """Several v2 media as the one v1 media of their composite id. The first gives title and texts."""
    shown = [media(part) for part in parts]
    translation = dict(shown[0])
    translation["id"] = composite
    status, percentage = _together([part.get("processing_status") for part in shown])
    translation["processing_status"], translation["progress_percentage"] = status, percentage
    translation["pose_preset"] = [part.get("pose_preset") for part in shown]
    translation["result"] = numbered_results(parts)
    return translation


def merge_status(parts: Sequence[Json]) -> Json:
    """The status of a composite id."""
    status, percentage = _together([v1_media_status(part.get("processing_status")) for part in parts])
    return {"processing_status": status, "progress_percentage": str(percentage)}


def motion_of(found: Json) -> str:
    """The name of a v2 media's motion."""
    preset = found.get("pose_preset")
    name = preset.get("motion_type") or preset.get("MotionType") if isinstance(preset, dict) else None
    return name if isinstance(name, str) and name else "Auto"


def numbered_results(parts: Sequence[Json]) -> list[Json]:
    """All results of several v2 media, each with its motion and index: ``Auto1``, ``Auto2``, ..."""
    counts: dict[str, int] = {}
    translation: list[Json] = []
    for part in parts:
        name = motion_of(part)
        results = part.get("result")
        for item in results if isinstance(results, list) else []:
            counts[name] = counts.get(name, 0) + 1
            entry = result_entry(item)
            translation.append(
                {**(entry if isinstance(entry, dict) else {"url": entry}), "motion_type": f"{name}{counts[name]}"}
            )
    return translation


# Errors


def error(status: int, body: bytes, content_type: str, origins: Mapping[str, str]) -> Json:
    """A v2 error as v1 shows it. ``origins``: v2 field to the v1 field that the caller wrote."""
    try:
        found = parse(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        return _no_json_error(status, body, content_type)
    translation = dict(found)
    if isinstance(translation.get("detail"), list):
        translation["detail"] = [_in_v1_names(item, origins) for item in translation["detail"]]
    code = found.get("code")
    if isinstance(code, str) and code:
        translation["message"] = code
        if "detail" not in translation:
            translation["detail"] = found.get("message", "")
    elif "message" not in translation and not isinstance(translation.get("detail"), list):
        translation["message"] = _code_of(status)
    return translation


def _code_of(status: int) -> str:
    try:
        return HTTPStatus(status).name
    except ValueError:
        return f"HTTP_{status}"


def _no_json_error(status: int, body: bytes, content_type: str) -> Json:
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body[:4096].decode("utf-8", "replace"))).strip()
    return {
        "message": _code_of(status),
        "detail": f"The server answered {status} with {content_type or 'no content type'}, not JSON: {text[:200]}",
        "code": _code_of(status),
    }


def _in_v1_names(item: Any, origins: Mapping[str, str]) -> Any:
    if not isinstance(item, dict) or not isinstance(item.get("loc"), list):
        return item
    where = item["loc"]
    body, path = where[:1], where[1:]
    # The longest v2 name that the path begins with: audio_option.narrator before audio_option.
    for length in range(len(path), 0, -1):
        origin = origins.get(".".join(str(step) for step in path[:length]))
        if origin:
            steps = [int(step) if step.isascii() and step.isdigit() else step for step in origin.split(".")]
            return {**item, "loc": [*body, *steps, *path[length:]]}
    return item
