"""v2's responses in v1's format. Sources: ``api/v1-story.txt``, ``api/v1-media.txt``, decisions marked in the specs.

* Nothing that v2 sent is lost: its fields stay beside v1's, except in a storyboard, which has v1's names alone.
* A response, or any part of it, that is sent back in a call means what it meant.
* A job that has ended is at 100 percent, whether it succeeded or not: v1 programs wait for that.
* A value that v1 never had (a new status, for example) stays as it is.
* Errors keep their status; v1's ``message`` is v2's ``code``; a 422 names the fields that the caller sent.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from vimmerse.compat.rules.conversions import Convert, as_is, boolean
from vimmerse.compat.rules.params import format_params
from vimmerse.compat.rules.response_fields import (
    MEDIA_STATUS,
    OBJECTS,
    PROGRESS,
    STORY_STATUS,
    UNKNOWN_PROGRESS,
    is_primary,
)
from vimmerse.compat.rules.storyboard import to_v1_scene, to_v1_storyboard

Json = dict[str, Any]

_ENDED = ("success", "fail", "cancel")
_MEDIA_ID = OBJECTS["story_media"].source("media_id")
_STATUS = OBJECTS["media"].source("progress_percentage")
_ITEMS = OBJECTS["media"].source("is_transition")
_MOTION = OBJECTS["pose_preset"].source("MotionType")
_NATIVE_AUDIO = OBJECTS["submit_params"].source("sound_effects")
_CODE, _SENTENCE = (OBJECTS["error"].source(name) for name in ("message", "detail"))


def _finite(text: str) -> float | None:
    number = float(text)
    return None if math.isinf(number) else number


_DECODER = json.JSONDecoder(parse_constant=lambda name: None, parse_float=_finite)


def parse(body: bytes) -> Any:
    """Return the JSON value of a v2 response. Raises ``ValueError`` or ``RecursionError``.

    NaN and Infinity, which servers in Python may send, and numbers beyond the range of a float are read as null.
    """
    text = body.decode().removeprefix("\ufeff")  # some servers send a byte order mark
    return _DECODER.decode(text)


def v1_time(value: Any) -> Any:
    """Return a time with v1's space instead of v2's ``T``."""
    if isinstance(value, str) and value[10:11] == "T" and value[:4].isdigit():
        return f"{value[:10]} {value[11:]}"
    return value


def v1_media_status(value: Any) -> Any:
    """Return v1's name of a v2 ``processing_status``."""
    return MEDIA_STATUS.get(value, value) if isinstance(value, str) else value


def _v1_story_status(value: Any) -> Any:
    return STORY_STATUS.get(value, value) if isinstance(value, str) else value


def progress(status: Any) -> int:
    """Return the percentage of a v1 status."""
    return PROGRESS.get(status, UNKNOWN_PROGRESS) if isinstance(status, str) else UNKNOWN_PROGRESS


def _percentage(v1_media: Json) -> Any:
    """Return the percentage of a media: v2's own, should it have one, until the media has ended."""
    status = v1_media.get(_STATUS)
    return 100 if status in _ENDED else v1_media.get("progress_percentage", progress(status))


def _convert(job: Json, conversions: tuple[tuple[str, str, Convert], ...]) -> None:
    for name, source, convert in conversions:
        if source in job and (name == source or name not in job):
            job[name] = convert(job[source])


def story(v2_story: Json) -> Json:
    """Return a v2 story in v1's format."""
    shown = dict(v2_story)
    _convert(shown, _STORY)
    if shown.get("status") == "fail" and "progress_percentage" in shown:
        shown["progress_percentage"] = 100
    if not v2_story:  # DELETE returns {} if there is no last snapshot
        return shown
    board = shown.get("storyboard")
    scenes = board.get("scenes") if isinstance(board, dict) else None
    shown.setdefault("scenes", [to_v1_scene(scene) for scene in scenes] if isinstance(scenes, list) else [])
    shown.setdefault("medias", [])
    if shown.get("video_url") is None:
        shown["video_url"] = ""
    return shown


def _story_medias(items: Any) -> Any:
    return [_story_media(item) for item in items] if isinstance(items, list) else []


def _story_media(item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    shown = media(item)
    if _MEDIA_ID in shown:
        shown.setdefault("media_id", shown[_MEDIA_ID])
    return shown


def result_entry(value: Any) -> Any:
    """Return an entry of ``result``: v1 clients read ``result[0]["url"]``, v2 sends the URL alone."""
    return {"url": value} if isinstance(value, str) else value


def _results(value: Any) -> Any:
    return [result_entry(item) for item in value] if isinstance(value, list) else value


def _pose_preset(preset: Any) -> Any:
    if not isinstance(preset, dict) or "MotionType" in preset:
        return preset
    return {**preset, "MotionType": preset.get(_MOTION) or "Auto", "Params": format_params(preset)}


def _submit_params(params: Any) -> Any:
    if not isinstance(params, dict):
        return params
    shown = dict(params)
    shown.setdefault("sound_effects", "Yes" if boolean(params.get(_NATIVE_AUDIO)) is True else "No")
    shown.setdefault("native_audio", boolean(shown["sound_effects"]) is True)
    for name, value in _SUBMIT_DEFAULTS:
        shown.setdefault(name, value)
    return shown


def _between_two_frames(items: Any) -> bool:
    if not isinstance(items, list):
        return False
    positions = [item.get("position") for item in items if isinstance(item, dict)]
    return "First" in positions and "Last" in positions


def media(v2_media: Json, *, listed: bool = False) -> Json:
    """Return a v2 media in v1's format. ``listed``: whether its motion was given as a list."""
    shown = dict(v2_media)
    _convert(shown, _MEDIA)
    if listed and "pose_preset" in shown and not isinstance(shown["pose_preset"], list):
        shown["pose_preset"] = [shown["pose_preset"]]
    if v2_media:
        if _STATUS in shown:
            shown["progress_percentage"] = _percentage(shown)
        if isinstance(shown.get("is_transition"), bool):
            shown["is_transition"] = "Yes" if shown["is_transition"] else "No"
        shown.setdefault("is_transition", "Yes" if _between_two_frames(shown.get(_ITEMS)) else "No")
        for name, value in _MEDIA_DEFAULTS:
            if name not in shown:
                shown[name] = [] if value == [] else value  # a list of its own
    return shown


def media_status(v2_media: Json) -> Json:
    """Return the response of v1's status route: the progress is text there."""
    shown = dict(v2_media)
    shown[_STATUS] = v1_media_status(shown.get(_STATUS))
    shown["progress_percentage"] = str(_percentage(shown))
    return shown


# How the values of fields change that have another value in v1, by v1's name.
_CONVERSIONS: Mapping[str, Mapping[str, Convert]] = {
    "story": {"status": _v1_story_status, "storyboard": to_v1_storyboard, "medias": _story_medias},
    "media": {
        "processing_status": v1_media_status,
        "pose_preset": _pose_preset,
        "submit_params": _submit_params,
        "result": _results,
    },
}


def _conversions(name: str) -> tuple[tuple[str, str, Convert], ...]:
    """Return the fields of a table that have another name or value in v1, with v2's name and the conversion."""
    convert = {**_CONVERSIONS[name], "created_at": v1_time, "updated_at": v1_time}
    rows = (row for row in OBJECTS[name].fields if is_primary(row))
    return tuple((row.v1, row.v2, convert.get(row.v1, as_is)) for row in rows if row.v1 != row.v2 or row.v1 in convert)


_STORY, _MEDIA = _conversions("story"), _conversions("media")
_MEDIA_DEFAULTS = OBJECTS["media"].defaults("v1-only")
_SUBMIT_DEFAULTS = (*OBJECTS["submit_params"].defaults("v1-only"), *OBJECTS["submit_params"].defaults("same"))


# Several v2 media as one v1 media


def _merged_status(statuses: Sequence[Any]) -> tuple[Any, int]:
    """Return the status and progress of several: failed if one failed or was cancelled, else the least advanced."""
    if "fail" in statuses or "cancel" in statuses:
        return "fail", 100
    return min(statuses, key=progress), sum(map(progress, statuses)) // len(statuses)


def merge_media(members: Sequence[Json], composite_id: str) -> Json:
    """Return several v2 media as the v1 media with their composite id. The first gives title and texts."""
    parts = [media(member) for member in members]
    status, percentage = _merged_status([part.get(_STATUS) for part in parts])
    return {
        **parts[0],
        "id": composite_id,
        "processing_status": status,
        "progress_percentage": percentage,
        "pose_preset": [part.get("pose_preset") for part in parts],
        "result": numbered_results(members),
    }


def merge_status(members: Sequence[Json]) -> Json:
    """Return the status of a composite id."""
    status, percentage = _merged_status([v1_media_status(member.get(_STATUS)) for member in members])
    return {"processing_status": status, "progress_percentage": str(percentage)}


def motion_of(v2_media: Json) -> str:
    """Return the name of a v2 media's motion."""
    preset = v2_media.get("pose_preset")
    name = preset.get(_MOTION) or preset.get("MotionType") if isinstance(preset, dict) else None
    return name if isinstance(name, str) and name else "Auto"


def numbered_results(members: Sequence[Json]) -> list[Json]:
    """Return all results of several v2 media, each with its motion and index: ``Auto1``, ``Auto2``, ..."""
    counts: Counter[str] = Counter()
    entries: list[Json] = []
    for member in members:
        name = motion_of(member)
        results = member.get("result")
        for item in results if isinstance(results, list) else []:
            counts[name] += 1
            entry = result_entry(item)
            if not isinstance(entry, dict):
                entry = {"url": entry}
            entries.append({**entry, "motion_type": f"{name}{counts[name]}"})
    return entries


# Errors


def error(status: int, body: bytes, content_type: str, origins: Mapping[str, str]) -> Json:
    """Return a v2 error in v1's format. ``origins``: v2 field to the v1 field that the caller sent."""
    try:
        payload = parse(body)
    except (ValueError, RecursionError):
        payload = None
    if not isinstance(payload, dict):
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body[:4096].decode("utf-8", "replace"))).strip()
        what = f"{content_type or 'no content type'}, not JSON"
        name = _status_name(status)
        return {"message": name, "detail": f"The server returned {status} with {what}: {text[:200]}", "code": name}
    shown = dict(payload)
    detail = payload.get("detail")
    if isinstance(detail, list):
        shown["detail"] = [_with_v1_names(item, origins) for item in detail]
    code = payload.get(_CODE)
    if isinstance(code, str) and code:
        shown["message"] = code
        shown.setdefault("detail", payload.get(_SENTENCE, ""))
    elif "message" not in payload and not isinstance(detail, list):
        shown["message"] = _status_name(status)
    return shown


def _status_name(status: int) -> str:
    try:
        return HTTPStatus(status).name
    except ValueError:
        return f"HTTP_{status}"


def _with_v1_names(item: Any, origins: Mapping[str, str]) -> Any:
    """Return a validation error whose ``loc`` is where the caller sent the field."""
    if not isinstance(item, dict) or not isinstance(item.get("loc"), list):
        return item
    body, path = item["loc"][:1], item["loc"][1:]
    # The longest v2 name that the path begins with: audio_option.narrator before audio_option.
    for length in range(len(path), 0, -1):
        origin = origins.get(".".join(str(step) for step in path[:length]))
        if origin:
            steps = [int(step) if step.isascii() and step.isdigit() else step for step in origin.split(".")]
            return {**item, "loc": [*body, *steps, *path[length:]]}
    return item
