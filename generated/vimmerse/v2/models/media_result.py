# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from attrs import define
from vimmerse._http.models import Model


@define(kw_only=True, repr=False)
class MediaResult(Model):
    """One finished file, if the server describes it by an object.

    Attributes:
        url: Its URL.
    """

    url: str | None = None
