# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model, parse_timestamp

if TYPE_CHECKING:
    from ..models.file_map_entry import FileMapEntry
    from ..models.pose_preset import PosePreset
    from ..models.submit_params import SubmitParams


@define(kw_only=True, repr=False)
class VideoHistoryEntry(Model):
    """An earlier generation of a media. v2 keeps none.

    Attributes:
        generate_type: The operation.
        pose_preset: The motion, or several.
        file_map: The files that it was generated from.
        service_name: The service that generated it.
        service_version: The service's version.
        service_seeds: The seeds that were used.
        bullet_version: Number of the generation, as text.
        resolution: Width and height in pixels.
        submit_params: How it was processed.
        created_at: When it was generated.
    """

    generate_type: str | None = None
    pose_preset: PosePreset | list[PosePreset] | None = None
    file_map: list[FileMapEntry] | None = None
    service_name: str | None = None
    service_version: str | None = None
    service_seeds: list[int] | None = None
    bullet_version: str | None = None
    resolution: list[int] | None = None
    submit_params: SubmitParams | None = None
    created_at: str | None = None

    @property
    def created_at_datetime(self) -> datetime | None:
        """``created_at`` as a time with its time zone; None if it is absent or not readable."""
        return parse_timestamp(self.created_at)
