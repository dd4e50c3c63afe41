"""What the methods give back: v2's models, on which ``result["data"]`` still works.

Laws:

* Attributes are v2's. They come from v2's own answer; where there is none (a call that went to v1, or several v2 media
  under one composite id) from v1's, turned into v2's words as far as they go. What has no attribute is in
  ``additional_properties``.
* ``result["data"]`` is the v1 answer's ``data``, unchanged, with a :class:`V1DeprecationWarning`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Self

import attrs
import httpx
from vimmerse.compat.core.messages import Notice
from vimmerse.compat.core.policy import DEFAULT_BASE_URL, Policy
from vimmerse.compat.core.redaction import PLACEHOLDER
from vimmerse.compat.flows.responses import Json
from vimmerse.compat.rules.params import parse_params
from vimmerse.compat.rules.storyboard import modern_storyboard
from vimmerse.compat.runtime.driver import CallRecord
from vimmerse.compat.runtime.warnings import emit
from vimmerse.v2.errors import ApiError, from_response
from vimmerse.v2.models import Error, HTTPValidationError, Media, Story


class Origin:
    """Where a result comes from: v1's ``data``, the operation, and who hears that it was read."""

    __slots__ = ("_data", "_on_warning", "_operation")

    def __init__(
        self, data: object = None, operation: str = "", on_warning: Callable[[Notice], object] | None = None
    ) -> None:
        self._data = data
        self._operation = operation
        self._on_warning = on_warning

    def data(self) -> object:
        """v1's ``data``, with a warning."""
        text = f'{self._operation}: ["data"] is v1; in v2 the result is the object itself: result.id, result.to_dict()'
        notice = Notice("deprecated", self._operation, "data", None, "", None, text)
        # Nothing of the environment counts here, where nothing is sent.
        emit(notice, Policy(mode="lenient", base_url=DEFAULT_BASE_URL, api_key=None, on_warning=self._on_warning))
        return self._data

    def __reduce__(self) -> tuple[object, ...]:
        return Origin, (self._data, self._operation)  # a copy in another process warns in that process's way


@attrs.define
class CompatStory(Story):
    """A :class:`vimmerse.v2.models.Story` that v1 code can still read by ``result["data"]["id"]``."""

    _origin: Origin = attrs.field(init=False, factory=Origin, repr=False, eq=False)

    def __getitem__(self, key: str) -> Any:
        return self._origin.data() if key == "data" else self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key == "data" or key in self.additional_properties

    @classmethod
    def of(cls, found: Json, origin: Origin) -> Self:
        """The story of a v2 object."""
        made = cls.from_dict(found)
        made._origin = origin
        return made


@attrs.define
class CompatMedia(Media):
    """A :class:`vimmerse.v2.models.Media` that v1 code can still read by ``result["data"]["id"]``."""

    _origin: Origin = attrs.field(init=False, factory=Origin, repr=False, eq=False)

    def __getitem__(self, key: str) -> Any:
        return self._origin.data() if key == "data" else self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key == "data" or key in self.additional_properties

    @classmethod
    def of(cls, found: Json, origin: Origin) -> Self:
        """The media of a v2 object."""
        made = cls.from_dict(found)
        made._origin = origin
        return made


# Reading an answer


def story(response: httpx.Response, operation: str, id: str, policy: Policy) -> CompatStory:
    """The story of an answer; raises :class:`ApiError`."""
    data = _data(response)
    found = _v2_object(response, data, id)
    return CompatStory.of(modern_story(data) if found is None else found, Origin(data, operation, policy.on_warning))


def media(response: httpx.Response, operation: str, id: str, policy: Policy) -> CompatMedia:
    """The media of an answer; raises :class:`ApiError`."""
    data = _data(response)
    found = _v2_object(response, data, id)
    return CompatMedia.of(modern_media(data) if found is None else found, Origin(data, operation, policy.on_warning))


def _data(response: httpx.Response) -> Any:
    if not response.is_success:
        raise api_error(response)
    try:
        found = response.json() if response.content else {}
    except (ValueError, RecursionError):
        raise from_response(response) from None
    if not isinstance(found, dict):
        raise from_response(response)
    return found.get("data", found)  # the page shows a bare {} for one call


def _v2_object(response: httpx.Response, data: object, id: str) -> Json | None:
    """What v2 itself answered, if all of the answer is one v2 object."""
    outcome: CallRecord = response.extensions["vimmerse"]
    shown = data.get("id") if isinstance(data, dict) else None
    if "+" in (shown if isinstance(shown, str) else id) or any(each.request.kind == "v1" for each in outcome.exchanges):
        return None
    answered = [
        each
        for each in outcome.exchanges
        if 200 <= each.response.status < 300 and not each.request.url.endswith("/v2/image")
    ]
    # The record has no keys. Where one was taken out of an answer, v1's has what the server said.
    if any(PLACEHOLDER.encode() in each.response.body for each in answered):
        return None
    # What was only looked up on the way is older than what was made of it.
    written = [each for each in answered if each.request.method != "GET"]
    made: Json = {}
    for each in written or answered:
        made.update(json.loads(each.response.body or b"{}"))
    return made


def api_error(response: httpx.Response) -> ApiError:
    """The error of an answer, with v2's sentence as its message where there is one, and the code."""
    error = from_response(response)
    try:
        found = response.json()
    except (ValueError, RecursionError):
        return error
    if not isinstance(found, dict):
        return error
    text, code = found.get("detail"), found.get("code") or found.get("message")
    if text and isinstance(code, str):
        # In v1's shape the message is the code, and the sentence or the list of places stands beside it.
        modern = {key: value for key, value in found.items() if key not in ("detail", "message")}
        modern |= {"detail": text} if isinstance(text, list) else {"message": text}
        modern["code"] = code
        again = httpx.Response(response.status_code, json=modern, request=response.request)
        told = from_response(again)
        error.message, error.code, found = told.message, told.code, modern
    kind = HTTPValidationError if isinstance(found.get("detail"), list) else Error
    error.parsed = kind.from_dict(found)
    return error


# v1's shape in v2's words, as far as it goes: the reverse of vimmerse.compat.flows.responses

_STATUS: Mapping[str, str] = {
    "queue_bullet": "queued",
    "processing_bullet": "processing",
    "fail": "failed",
    "cancel": "cancelled",
}
_PARAMS = (
    ("Prompt", "prompt", str),
    ("Quantity", "quantity", int),
    ("MotionLength", "motion_length", int),
    ("Loop", "loop", int),
    ("AspectRatio", "aspect_ratio", str),
)


def _modern_times(made: Json) -> None:
    for name in ("created_at", "updated_at"):
        value = made.get(name)
        if isinstance(value, str):
            made[name] = value[:10] + value[10:].replace(" ", "T", 1)


def modern_story(data: object) -> Json:
    """A v1 story in v2's words."""
    if not isinstance(data, dict):
        return {}
    made = dict(data)
    if made.get("is_transition") in ("Yes", "No"):
        made["is_transition"] = made["is_transition"] == "Yes"
    if isinstance(made.get("status"), str):
        made["status"] = _STATUS.get(made["status"], made["status"])
    if "storyboard" in made:
        made["storyboard"] = modern_storyboard(made["storyboard"])
    medias = made.pop("medias", None)
    medias = made.pop("all_medias", None) or medias
    if isinstance(medias, list):
        made["all_medias"] = [modern_media(item) if isinstance(item, dict) else item for item in medias]
    _modern_times(made)
    return made


def modern_media(data: object) -> Json:
    """A v1 media in v2's words."""
    if not isinstance(data, dict):
        return {}
    inner = data.get("data")
    made = {**data, **inner} if isinstance(inner, dict) else dict(data)
    made.pop("data", None)
    if isinstance(made.get("processing_status"), str):
        made["processing_status"] = _STATUS.get(made["processing_status"], made["processing_status"])
    preset = made.get("pose_preset")
    if isinstance(preset, list):
        made["pose_preset"] = [_modern_preset(item) for item in preset]
    elif isinstance(preset, dict):
        made["pose_preset"] = _modern_preset(preset)
    params = made.get("submit_params")
    if isinstance(params, dict) and "native_audio" not in params and "sound_effects" in params:
        made["submit_params"] = {**params, "native_audio": str(params["sound_effects"]).lower() == "yes"}
    if isinstance(made.get("result"), list):
        made["result"] = [item["url"] if _is_url_alone(item) else item for item in made["result"]]
    _modern_times(made)
    return made


def _is_url_alone(item: object) -> bool:
    return isinstance(item, dict) and list(item) == ["url"]


def _modern_preset(preset: object) -> object:
    if not isinstance(preset, dict) or "motion_type" in preset:
        return preset
    made = {"motion_type": preset.get("MotionType")}
    params = preset.get("Params")
    told = parse_params(params) if isinstance(params, str) else {}
    for name, to, kind in _PARAMS:
        text = told.get(name)
        if text is not None and (kind is str or text.isdecimal()):
            made[to] = kind(text)
    return {**preset, **made}
