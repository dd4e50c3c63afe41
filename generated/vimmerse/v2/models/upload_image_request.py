# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..types import File


@define(kw_only=True, repr=False)
class UploadImageRequest(Model):
    """A form with one file.

    Attributes:
        image_file: The image.
    """

    image_file: File
