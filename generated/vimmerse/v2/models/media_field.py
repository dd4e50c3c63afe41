# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Literal

MediaField = Literal[
    "created_at",
    "customer_id",
    "description",
    "duration_time",
    "id",
    "media_items",
    "pose_preset",
    "primary_user_id",
    "processing_status",
    "result",
    "submit_params",
    "title",
    "updated_at",
    "version",
    "webhook_url",
]

MEDIA_FIELD_VALUES: set[MediaField] = {
    "created_at",
    "customer_id",
    "description",
    "duration_time",
    "id",
    "media_items",
    "pose_preset",
    "primary_user_id",
    "processing_status",
    "result",
    "submit_params",
    "title",
    "updated_at",
    "version",
    "webhook_url",
}


def check_media_field(value: str) -> MediaField:
    if value in MEDIA_FIELD_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {MEDIA_FIELD_VALUES!r}")
