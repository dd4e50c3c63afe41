# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.pose_preset import PosePreset
    from ..models.submit_params import SubmitParams
    from ..models.visibility_status import VisibilityStatus


@define(kw_only=True, repr=False)
class MediaPromptJson(Model):
    """A video from a prompt. Every field is optional and may be null.

    Attributes:
        title: Title of the media. Default: "".
        description: Description of the media. Default: "".
        visibility_status: Who can see the media: "0" private, "1" unlisted, "2" public. v2 accepts
            it on update only, so any value other than "1" needs a second call there, which is free.
            Default: 1.
        primary_user_id: The customer's own identifier of a user. v2 takes none; it is dropped.
        rating: Rating of the media; empty for none. v2 accepts it on update only, so it needs a
            second call there, which is free.
        webhook_url: URL that receives a POST once the media is finished.
        pose_preset: The motion, or a list of several for one media. In v2: `video_tool`, `prompt`,
            `quantity`, `duration`, `loop` and `aspect_ratio`, one motion a media.
        submit_params: How the media is processed. In v2 `audio_option.native_audio` and
            `pipeline_mode`.
    """

    title: str | None = None
    description: str | None = None
    visibility_status: VisibilityStatus | str | None = None
    primary_user_id: str | None = None
    rating: str | None = None
    webhook_url: str | None = None
    pose_preset: PosePreset | list[PosePreset] | None = None
    submit_params: SubmitParams | None = None
