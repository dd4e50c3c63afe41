# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from attrs import define
from vimmerse._http.models import Model


@define(kw_only=True, repr=False)
class Error(Model):
    """What went wrong.

    Attributes:
        message: An error code: BAD_REQUEST, INSUFFICIENT_CREDIT, REACHED_LIMIT, NOT_FOUND (of a
            story), MEDIA_NOT_FOUND and others. In v2 `code`, while `message` is a sentence.
        detail: A message for people, if there is one. In v2 `message`.
        code: The same as `message`, by the name of v2; only in a response of v2.
    """

    message: str | None = None
    detail: str | None = None
    code: str | None = None
