# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any, Unpack

from vimmerse._http.deprecations import deprecated
from vimmerse._http.operations import ApiOperation, request_body

from ...client import AuthenticatedClient
from ...models.edit_media_form import EditMediaForm
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.media_envelope import MediaEnvelope
from ...types import RequestOptions, Response

_OPERATION: ApiOperation[MediaEnvelope, Error | HTTPValidationError] = ApiOperation(
    "PUT",
    "/media/{media_id}/edit",
    {
        "200": MediaEnvelope,
    },
    {
        "400": Error,
        "401": Error,
        "402": Error,
        "403": Error,
        "404": Error,
        "422": HTTPValidationError,
        "4XX": Error,
        "5XX": Error,
    },
)


def _get_kwargs(
    media_id: str,
    *,
    body: EditMediaForm,
) -> dict[str, Any]:
    return {
        "path": {
            "media_id": media_id,
        },
        **request_body(
            body,
            {
                EditMediaForm: "data",
            },
        ),
    }


@deprecated(
    "PUT /media/{media_id}/edit (vimmerse.v1.api.media.edit_media) is deprecated; use vimmerse.v2.api.media.update_media (PUT /v2/media/{media_id})"
)
def sync(
    media_id: str,
    *,
    client: AuthenticatedClient,
    body: EditMediaForm,
    **options: Unpack[RequestOptions],
) -> MediaEnvelope:
    """Update a media

    Title, description, visibility, rating and webhook are free; `prompt`, `motion_type`,
    `quantity`, `duration`, `loop`, `aspect_ratio` and `sound_effects` start a new, paid
    generation, and so do the fields of revised v1. Replaced by PUT /v2/media/{media_id}, which
    takes JSON and returns no wrapper.

    Each call gives a DeprecationWarning: PUT /media/{media_id}/edit
    (vimmerse.v1.api.media.edit_media) is deprecated; use vimmerse.v2.api.media.update_media
    (PUT /v2/media/{media_id}).

    Args:
        media_id (str):
        body (EditMediaForm): Changes to a media. Omitted fields stay unchanged. Objects are
            JSON text.
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.
        ValueError: an id is blank or not a string; nothing was sent.

    Returns:
        MediaEnvelope
    """
    return _OPERATION.sync(
        client,
        _get_kwargs(
            media_id=media_id,
            body=body,
        ),
        **options,
    )


@deprecated(
    "PUT /media/{media_id}/edit (vimmerse.v1.api.media.edit_media) is deprecated; use vimmerse.v2.api.media.update_media (PUT /v2/media/{media_id})"
)
def sync_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
    body: EditMediaForm,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | MediaEnvelope | None]:
    """Like :func:`sync`, but return the complete response and raise no ApiError.

    Its ``parsed`` is the model that is documented for the status, also for an error, or None.
    """
    return _OPERATION.sync_detailed(
        client,
        _get_kwargs(
            media_id=media_id,
            body=body,
        ),
        **options,
    )


@deprecated(
    "PUT /media/{media_id}/edit (vimmerse.v1.api.media.edit_media) is deprecated; use vimmerse.v2.api.media.update_media (PUT /v2/media/{media_id})"
)
async def asyncio(
    media_id: str,
    *,
    client: AuthenticatedClient,
    body: EditMediaForm,
    **options: Unpack[RequestOptions],
) -> MediaEnvelope:
    """Update a media

    Title, description, visibility, rating and webhook are free; `prompt`, `motion_type`,
    `quantity`, `duration`, `loop`, `aspect_ratio` and `sound_effects` start a new, paid
    generation, and so do the fields of revised v1. Replaced by PUT /v2/media/{media_id}, which
    takes JSON and returns no wrapper.

    Each call gives a DeprecationWarning: PUT /media/{media_id}/edit
    (vimmerse.v1.api.media.edit_media) is deprecated; use vimmerse.v2.api.media.update_media
    (PUT /v2/media/{media_id}).

    Args:
        media_id (str):
        body (EditMediaForm): Changes to a media. Omitted fields stay unchanged. Objects are
            JSON text.
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.
        ValueError: an id is blank or not a string; nothing was sent.

    Returns:
        MediaEnvelope
    """
    return await _OPERATION.asyncio(
        client,
        _get_kwargs(
            media_id=media_id,
            body=body,
        ),
        **options,
    )


@deprecated(
    "PUT /media/{media_id}/edit (vimmerse.v1.api.media.edit_media) is deprecated; use vimmerse.v2.api.media.update_media (PUT /v2/media/{media_id})"
)
async def asyncio_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
    body: EditMediaForm,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | MediaEnvelope | None]:
    """Like :func:`asyncio`, but return the complete response and raise no ApiError.

    Its ``parsed`` is the model that is documented for the status, also for an error, or None.
    """
    return await _OPERATION.asyncio_detailed(
        client,
        _get_kwargs(
            media_id=media_id,
            body=body,
        ),
        **options,
    )
