# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from attrs import define
from vimmerse._http.models import Model


@define(kw_only=True, repr=False)
class Error(Model):
    """An error, in exactly two fields.

    Attributes:
        message: A human-readable message.
        code: A machine-readable constant. The pages name BAD_REQUEST, INSUFFICIENT_CREDIT,
            REACHED_LIMIT, MEDIA_NOT_FOUND and JOB_CREATE_FAILED.
    """

    message: str | None = None
    code: str | None = None
