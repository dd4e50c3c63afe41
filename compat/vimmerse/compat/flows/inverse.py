"""The inverse of :mod:`vimmerse.compat.flows.responses`: the v2 response that is shown as a given v1 response.

* ``responses.media(v2_media(x))`` has every field of ``x`` with its value, and so have the others, except for what
  :mod:`vimmerse.compat.migrate.cassettes.differences` lists: v2's format can't hold it.
* What the mapping adds by itself is left out. What v2 does not have otherwise (``video_history``, ``file_map``) stays,
  as a field that v2 does not document.
* A value that stands for several (``fail`` is ``failed`` or ``error`` in v2) becomes the first of its table.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from vimmerse.compat.flows import responses
from vimmerse.compat.rules.conversions import boolean, integer
from vimmerse.compat.rules.params import parse_params
from vimmerse.compat.rules.response_fields import MEDIA_STATUS, OBJECTS, STORY_STATUS, to_v2_words
from vimmerse.compat.rules.values import VIDEO_TOOLS

Json = dict[str, Any]
#: The fields of a v2 story.
V2_STORY = OBJECTS["story"].names()
_MEDIAS = OBJECTS["story"].source("medias")
_MOTION = OBJECTS["pose_preset"].source("MotionType")
_NATIVE_AUDIO = OBJECTS["submit_params"].source("sound_effects")
_IMAGE = OBJECTS["element"].source("URL")
# The keys of a Params text that v2 has as fields, with v2's names and the values of those that are missing.
_PARAMS = tuple(
    (row.v1.removeprefix("Params."), row.v2, row.default[0])
    for row in OBJECTS["pose_preset"].fields
    if row.kind == "nested"
)


_MEDIA_STATUS, _STORY_STATUS = to_v2_words(MEDIA_STATUS), to_v2_words(STORY_STATUS)
_V2_TOOLS = {**VIDEO_TOOLS.renames, **VIDEO_TOOLS.near}
_CODE = re.compile("[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")


def _without_derived(v2: Json, forward: Callable[[Json], Json]) -> Json:
    """Return a v2 object without the fields that the mapping adds by itself."""
    shown = forward(v2)
    for name in list(v2):
        rest = {key: value for key, value in v2.items() if key != name}
        if rest and forward(rest) == shown:
            v2 = rest
    return v2


def _convert_times(job: Json) -> None:
    for name in ("created_at", "updated_at"):
        value = job.get(name)
        if isinstance(value, str) and value[10:11] == " " and value[:4].isdigit():
            job[name] = f"{value[:10]}T{value[11:]}"


def story(v1_story: Json) -> Json:
    """Return the v2 story that is shown as this v1 story."""
    v2 = dict(v1_story)
    if isinstance(v2.get("status"), str):
        v2["status"] = _STORY_STATUS.get(v2["status"], v2["status"])
    if isinstance(v2.get("storyboard"), dict):
        v2["storyboard"] = _storyboard(v2["storyboard"])
    if isinstance(v2.get("medias"), list) and _MEDIAS not in v2:
        v2[_MEDIAS] = [_story_media(item) for item in v2.pop("medias")]
    _convert_times(v2)
    return _without_derived(v2, responses.story)


def _storyboard(board: Json) -> Json:
    lists = {
        key: [_with_image_url(entry) for entry in board[key]]
        for key in ("characters", "environments", "objects", "scenes")
        if isinstance(board.get(key), list)
    }
    return {**board, **lists}


def _with_image_url(entry: Any) -> Any:
    if not isinstance(entry, dict) or "URL" not in entry:
        return entry
    # In the place of v1's key.
    renamed = {_IMAGE if key == "URL" else key: value for key, value in entry.items() if key != _IMAGE}
    return {**renamed, _IMAGE: entry.get(_IMAGE) or entry["URL"]}


def _story_media(item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    v2 = {"id": item["media_id"], **item} if "media_id" in item else dict(item)
    if v2.get("media_id") == v2.get("id"):
        v2.pop("media_id", None)
    return media(v2, results_as_text=False)


def media(v1_media: Json, *, listed: bool = False, results_as_text: bool = True) -> Json:
    """Return the v2 media that is shown as this v1 media.

    Args:
        v1_media: The v1 media.
        listed: Whether its motion was given as a list; see :func:`responses.media`.
        results_as_text: Whether ``result`` has URLs as text. The medias of a v2 story have objects there.
    """
    v2 = dict(v1_media)
    if isinstance(v2.get("processing_status"), str):
        v2["processing_status"] = _MEDIA_STATUS.get(v2["processing_status"], v2["processing_status"])
    if "pose_preset" in v2:
        v2["pose_preset"] = _pose_preset(v2["pose_preset"])
    if isinstance(v2.get("submit_params"), dict):
        v2["submit_params"] = _submit_params(v2["submit_params"])
    if results_as_text and isinstance(v2.get("result"), list):
        v2["result"] = [_result(item) for item in v2["result"]]
    _convert_times(v2)
    return _without_derived(v2, lambda each: responses.media(each, listed=listed))


def _result(item: Any) -> Any:
    return item["url"] if isinstance(item, dict) and isinstance(item.get("url"), str) else item


def _pose_preset(preset: Any) -> Any:
    if isinstance(preset, list):
        return _pose_preset(preset[0]) if len(preset) == 1 else [_pose_preset(each) for each in preset]
    if not isinstance(preset, dict) or not isinstance(preset.get("Params"), str):
        return preset
    tool = preset.get("MotionType")
    params = parse_params(preset["Params"])
    v2: Json = {_MOTION: _V2_TOOLS.get(tool, tool) if isinstance(tool, str) else "Auto"}
    for key, name, default in _PARAMS:
        value = params.get(key, default)
        if key != "AspectRatio" or value:
            v2[name] = value if isinstance(default, str) else integer(value)
    rest = {**v2, **{key: value for key, value in preset.items() if key not in ("MotionType", "Params")}}
    shown = _forward("pose_preset")(rest)
    if all(shown[name] == value for name, value in preset.items()):
        return rest
    return {"MotionType": "Auto", **v2, **preset}  # as v1 wrote them


def _submit_params(params: Json) -> Json:
    v2 = dict(params)
    if "sound_effects" in v2:
        v2.setdefault(_NATIVE_AUDIO, boolean(v2["sound_effects"]) is True)
    forward = _forward("submit_params")
    for name in ("sound_effects", "pipeline_preset"):
        rest = {key: value for key, value in v2.items() if key != name}
        if forward(rest) == forward(v2):
            v2 = rest
    return v2


def _forward(name: str) -> Callable[[Json], Json]:
    """Return the mapping of one object inside a media."""

    def forward(value: Json) -> Json:
        shown: Json = responses.media({name: value})[name]
        return shown

    return forward


def media_status(v1_status: Json) -> Json:
    """Return the v2 media, reduced to its status, that v1's status route shows in this way."""
    v2 = dict(v1_status)
    if isinstance(v2.get("processing_status"), str):
        v2["processing_status"] = _MEDIA_STATUS.get(v2["processing_status"], v2["processing_status"])
    return _without_derived(v2, responses.media_status)


def error(v1_error: Json) -> Json:
    """Return the v2 error that is shown as this v1 error."""
    message, detail = v1_error.get("message"), v1_error.get("detail")
    if "code" not in v1_error:
        is_code = isinstance(message, str) and _CODE.fullmatch(message) and "detail" not in v1_error
        return {**v1_error, "code": message} if is_code else v1_error
    is_text = isinstance(message, str) and isinstance(detail, str)
    if is_text and message and message == v1_error["code"]:
        return {**{name: value for name, value in v1_error.items() if name != "detail"}, "message": detail}
    return v1_error
