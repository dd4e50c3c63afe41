"""The results of the methods: v2's models, of which v1 code can still read ``result["data"]``.

The attributes come from v2's response. A call that went to v1, or that made several v2 media under one composite id,
has no such response: then v1's is converted to v2's names as far as possible.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import attrs
import httpx
from vimmerse._http.redaction import PLACEHOLDER
from vimmerse.compat.core.messages import Notice
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.endpoints import Endpoint
from vimmerse.compat.rules.params import parse_params
from vimmerse.compat.rules.response_fields import MEDIA_STATUS, OBJECTS, STORY_STATUS, to_v2_words
from vimmerse.compat.rules.storyboard import to_v2_storyboard
from vimmerse.compat.runtime.driver import CallRecord
from vimmerse.compat.runtime.warnings import emit
from vimmerse.v2.errors import ApiError, from_response
from vimmerse.v2.models import Error, HTTPValidationError, Media, Story


@attrs.frozen
class V1Data:
    """v1's ``data`` of a result. Copies and pickles do not keep the policy's ``on_warning``."""

    _data: object = None
    _operation: str = ""
    _on_warning: Callable[[Notice], object] | None = None

    def read(self) -> object:
        """Return the data, with a warning."""
        text = f'{self._operation}: ["data"] is v1; in v2 the result is the object itself: result.id, result.to_dict()'
        emit(Notice("deprecated", self._operation, "data", None, "", None, text), Policy(on_warning=self._on_warning))
        return self._data

    def __reduce__(self) -> tuple[object, ...]:
        return V1Data, (self._data, self._operation)


class _WithV1Data:
    """Adds ``result["data"]`` to a v2 model."""

    __slots__ = ()
    additional_properties: dict[str, Any]
    _v1_data: V1Data

    def __getitem__(self, key: str) -> Any:
        return self._v1_data.read() if key == "data" else self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key == "data" or key in self.additional_properties


@attrs.define(repr=False)
class CompatStory(_WithV1Data, Story):
    """A :class:`vimmerse.v2.models.Story` of which v1 code can still read ``result["data"]["id"]``."""

    _v1_data: V1Data = attrs.field(init=False, factory=V1Data, repr=False, eq=False)


@attrs.define(repr=False)
class CompatMedia(_WithV1Data, Media):
    """A :class:`vimmerse.v2.models.Media` of which v1 code can still read ``result["data"]["id"]``."""

    _v1_data: V1Data = attrs.field(init=False, factory=V1Data, repr=False, eq=False)


Result = TypeVar("Result", CompatStory, CompatMedia)


def read_result(
    model: type[Result], response: httpx.Response, endpoint: Endpoint, arguments: Mapping[str, object], policy: Policy
) -> Result:
    """Return the result of a response that has been read. Raises :class:`ApiError`."""
    job_id = arguments.get(endpoint.id_name)
    job_id = job_id if isinstance(job_id, str) else None
    if not response.is_success:
        raise api_error(response, job_id)
    body = _json_object(response) if response.content else {}
    if body is None:
        raise from_response(response, job_id=job_id)
    data = body.get("data", body)  # v1's documentation shows a bare {} for one call
    id = arguments.get(endpoint.id_name)
    fields = _v2_fields(response, data, str(id))
    if fields is None:
        fields = story_from_v1(data) if model is CompatStory else media_from_v1(data)
    if isinstance(id, str) and fields.get("id") is None:  # the status of a media, for example, comes without it
        fields["id"] = id
    try:
        result = model.from_dict(fields)
    except KeyError as error:
        raise from_response(response) from error
    result._v1_data = V1Data(data, endpoint.operation, policy.on_warning)
    return result


def _json_object(response: httpx.Response) -> dict[str, Any] | None:
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _v2_fields(response: httpx.Response, data: object, id: str) -> dict[str, Any] | None:
    """The fields of v2's own response, if one response covers the result."""
    record: CallRecord = response.extensions["vimmerse"]
    result_id = data.get("id") if isinstance(data, dict) else None
    is_composite = "+" in (result_id if isinstance(result_id, str) else id)
    if is_composite or any(exchange.request.kind == "v1" for exchange in record.exchanges):
        return None
    exchanges = [
        exchange
        for exchange in record.exchanges
        if 200 <= exchange.response.status < 300 and not exchange.request.url.endswith("/v2/image")
    ]
    # The record has no keys. Where one was taken out of a response, v1's has what the server sent.
    if any(PLACEHOLDER.encode() in exchange.response.body for exchange in exchanges):
        return None
    # A lookup is older than what was created or changed after it.
    changes = [exchange for exchange in exchanges if exchange.request.method != "GET"]
    fields: dict[str, Any] = {}
    for exchange in changes or exchanges:
        fields.update(json.loads(exchange.response.body or b"{}"))
    return fields


def api_error(response: httpx.Response, job_id: str | None = None) -> ApiError:
    """Return the error of a response. Its message is v2's sentence, if there is one."""
    error = from_response(response, job_id=job_id)
    body = _json_object(response)
    if body is None:
        return error
    detail, code = body.get("detail"), body.get("code") or body.get("message")
    if detail and isinstance(code, str):
        # In v1's shape, the message is the code; the sentence, or the list of malformed fields, is the detail.
        body = {key: value for key, value in body.items() if key not in ("detail", "message")} | {"code": code}
        body["detail" if isinstance(detail, list) else "message"] = detail
        modern = from_response(httpx.Response(response.status_code, json=body, request=response.request))
        error.message, error.code = modern.message, modern.code
    model = HTTPValidationError if isinstance(body.get("detail"), list) else Error
    error.parsed = model.from_dict(body)
    return error


# The reverse of vimmerse.compat.flows.responses

_STATUS = {
    **to_v2_words(STORY_STATUS),
    **to_v2_words(MEDIA_STATUS),
    "queue_bullet": "queued",  # new too, but a media that is read is rarely that new
}
_MEDIAS = OBJECTS["story"].source("medias")
_MOTION = OBJECTS["pose_preset"].source("MotionType")
_NATIVE_AUDIO = OBJECTS["submit_params"].source("sound_effects")
_PARAMS = {row.v1.removeprefix("Params."): row for row in OBJECTS["pose_preset"].fields if row.kind == "nested"}


def story_from_v1(data: object) -> dict[str, Any]:
    """The v2 fields of a v1 story."""
    if not isinstance(data, dict):
        return {}
    story = _with_common_fields(data, "status")
    if story.get("is_transition") in ("Yes", "No"):
        story["is_transition"] = story["is_transition"] == "Yes"
    if "storyboard" in story:
        story["storyboard"] = to_v2_storyboard(story["storyboard"])
    medias = story.pop("medias", None)
    medias = story.pop(_MEDIAS, None) or medias
    if isinstance(medias, list):
        story[_MEDIAS] = [media_from_v1(item) if isinstance(item, dict) else item for item in medias]
    return story


def media_from_v1(data: object) -> dict[str, Any]:
    """The v2 fields of a v1 media."""
    if not isinstance(data, dict):
        return {}
    inner = data.get("data")
    media = _with_common_fields({**data, **inner} if isinstance(inner, dict) else data, "processing_status")
    media.pop("data", None)
    preset = media.get("pose_preset")
    if isinstance(preset, list):
        media["pose_preset"] = [_preset_from_v1(item) for item in preset]
    elif isinstance(preset, dict):
        media["pose_preset"] = _preset_from_v1(preset)
    params = media.get("submit_params")
    if isinstance(params, dict) and _NATIVE_AUDIO not in params and "sound_effects" in params:
        media["submit_params"] = {**params, _NATIVE_AUDIO: str(params["sound_effects"]).lower() == "yes"}
    if isinstance(media.get("result"), list):
        media["result"] = [
            item["url"] if isinstance(item, dict) and list(item) == ["url"] else item for item in media["result"]
        ]
    return media


def _with_common_fields(data: dict[str, Any], status_field: str) -> dict[str, Any]:
    """A copy with v2's status and times."""
    fields = dict(data)
    status = fields.get(status_field)
    if isinstance(status, str):
        fields[status_field] = _STATUS.get(status, status)
    for name in ("created_at", "updated_at"):
        value = fields.get(name)
        if isinstance(value, str):
            fields[name] = value[:10] + value[10:].replace(" ", "T", 1)
    return fields


def _preset_from_v1(preset: object) -> object:
    if not isinstance(preset, dict) or _MOTION in preset:
        return preset
    fields = {**preset, _MOTION: preset.get("MotionType")}
    params = parse_params(preset["Params"]) if isinstance(preset.get("Params"), str) else {}
    for name, text in params.items():
        row = _PARAMS.get(name)
        if row is None:
            continue
        if isinstance(row.default[0], str):
            fields[row.v2] = text
        elif text.isdecimal():
            fields[row.v2] = int(text)
    return fields
