# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any, Unpack

from vimmerse._http.deprecations import deprecated
from vimmerse._http.operations import ApiOperation

from ...client import AuthenticatedClient
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.media_envelope import MediaEnvelope
from ...types import RequestOptions, Response

_OPERATION: ApiOperation[MediaEnvelope, Error | HTTPValidationError] = ApiOperation(
    "POST",
    "/media/{media_id}/process",
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
) -> dict[str, Any]:
    return {
        "path": {
            "media_id": media_id,
        },
    }


@deprecated(
    "POST /media/{media_id}/process (vimmerse.v1.api.media.process_media) is deprecated; use vimmerse.v2.api.media.update_media (PUT /v2/media/{media_id})"
)
def sync(
    media_id: str,
    *,
    client: AuthenticatedClient,
    **options: Unpack[RequestOptions],
) -> MediaEnvelope:
    """Generate a media's videos again

    Repeats the generation with the media's own settings. Paid. No body. Replaced by PUT
    /v2/media/{media_id} with the media's own prompt, tool, duration, quantity and loop.

    Each call gives a DeprecationWarning: POST /media/{media_id}/process
    (vimmerse.v1.api.media.process_media) is deprecated; use vimmerse.v2.api.media.update_media
    (PUT /v2/media/{media_id}).

    Args:
        media_id (str):
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
        ),
        **options,
    )


@deprecated(
    "POST /media/{media_id}/process (vimmerse.v1.api.media.process_media) is deprecated; use vimmerse.v2.api.media.update_media (PUT /v2/media/{media_id})"
)
def sync_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | MediaEnvelope | None]:
    """Like :func:`sync`, but return the complete response and raise no ApiError.

    Its ``parsed`` is the model that is documented for the status, also for an error, or None.
    """
    return _OPERATION.sync_detailed(
        client,
        _get_kwargs(
            media_id=media_id,
        ),
        **options,
    )


@deprecated(
    "POST /media/{media_id}/process (vimmerse.v1.api.media.process_media) is deprecated; use vimmerse.v2.api.media.update_media (PUT /v2/media/{media_id})"
)
async def asyncio(
    media_id: str,
    *,
    client: AuthenticatedClient,
    **options: Unpack[RequestOptions],
) -> MediaEnvelope:
    """Generate a media's videos again

    Repeats the generation with the media's own settings. Paid. No body. Replaced by PUT
    /v2/media/{media_id} with the media's own prompt, tool, duration, quantity and loop.

    Each call gives a DeprecationWarning: POST /media/{media_id}/process
    (vimmerse.v1.api.media.process_media) is deprecated; use vimmerse.v2.api.media.update_media
    (PUT /v2/media/{media_id}).

    Args:
        media_id (str):
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
        ),
        **options,
    )


@deprecated(
    "POST /media/{media_id}/process (vimmerse.v1.api.media.process_media) is deprecated; use vimmerse.v2.api.media.update_media (PUT /v2/media/{media_id})"
)
async def asyncio_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | MediaEnvelope | None]:
    """Like :func:`asyncio`, but return the complete response and raise no ApiError.

    Its ``parsed`` is the model that is documented for the status, also for an error, or None.
    """
    return await _OPERATION.asyncio_detailed(
        client,
        _get_kwargs(
            media_id=media_id,
        ),
        **options,
    )
