# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from attrs import define, field
from vimmerse._http.models import Model


@define(kw_only=True, repr=False)
class FileMapEntry(Model):
    """A file that a media was generated from.

    Attributes:
        file_type: What it is used for.
        file_name: Its name.
    """

    file_type: str | None = field(default=None, metadata={"name": "FileType"})
    file_name: str | None = field(default=None, metadata={"name": "FileName"})
