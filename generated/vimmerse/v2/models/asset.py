# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from attrs import define
from vimmerse._http.models import Model, first_of


@define(kw_only=True, repr=False)
class Asset(Model):
    """A stored file.

    Attributes:
        id: The id of the asset.
        results: URLs of the file.
        status: The status of the upload.
    """

    id: str | None = None
    results: list[str] | None = None
    status: str | None = None

    @property
    def url(self) -> str:
        """The first of ``results``. Raises ``ValueError`` if there is none."""
        return first_of(self, "results")
