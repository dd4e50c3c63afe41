# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from attrs import define, field
from vimmerse._http.models import Model


@define(kw_only=True, repr=False)
class ValidationError(Model):
    """One problem of a request.

    Attributes:
        loc: Its location: body, query or path, then names and indexes.
        msg: A human-readable message.
        type_: The kind of error.
    """

    loc: list[int | str] | None = None
    msg: str | None = None
    type_: str | None = field(default=None, metadata={"name": "type"})
