# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.validation_error import ValidationError


@define(kw_only=True, repr=False)
class HTTPValidationError(Model):
    """The problems of a request.

    Attributes:
        detail: One entry for each problem.
    """

    detail: list[ValidationError] | None = None
