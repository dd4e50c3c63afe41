"""The fields that each v2 operation takes. A test compares this with ``openapi/v2.yaml``."""

from __future__ import annotations

from collections.abc import Mapping


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ONE_CALL = _names(
    "idea title aspect_ratio scene_count image_tool video_tool scene_duration is_transition elements audio_option "
    "language webhook_url"
)
_MEDIA = _names(
    "title description media_items prompt video_tool quantity duration loop audio_option aspect_ratio pipeline_mode "
    "webhook_url"
)

V2_FIELDS: Mapping[str, frozenset[str]] = {
    "POST /v2/story/idea-2-video": _ONE_CALL,
    "POST /v2/story/url-2-video": _ONE_CALL,
    "POST /v2/story/images-2-video": _ONE_CALL - {"scene_count", "image_tool", "elements"} | {"image_urls"},
    "POST /v2/story": _names("idea scene_count title language aspect_ratio audio_option elements image_urls"),
    "POST /v2/story/{story_id}/elements": _names("image_tool aspect_ratio storyboard"),
    "POST /v2/story/{story_id}/scenes": _names("image_tool aspect_ratio storyboard audio_option"),
    "POST /v2/story/{story_id}/videos": _names("title storyboard video_tool duration is_transition webhook_url"),
    "POST /v2/story/{story_id}/concat": _names("concat_video_urls audio_urls"),
    "POST /v2/media": _MEDIA,
    "PUT /v2/media/{media_id}": _MEDIA | {"visibility_status", "rating"},
}
