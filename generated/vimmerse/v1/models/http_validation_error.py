# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.validation_error import ValidationError


@define(kw_only=True, repr=False)
class HTTPValidationError(Model):
    """The problems of the request, each with its location.

    Attributes:
        detail: The problems.
    """

    detail: list[ValidationError] | None = None
