# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any, Unpack

from vimmerse._http.operations import ApiOperation, query

from ...client import AuthenticatedClient
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.media import Media
from ...models.media_field import MediaField
from ...models.partial_media import PartialMedia
from ...types import RequestOptions, Response

_OPERATION: ApiOperation[Media | PartialMedia, Error | HTTPValidationError] = ApiOperation(
    "GET",
    "/v2/media/{media_id}",
    {
        "200": (Media, PartialMedia),
    },
    {
        "401": Error,
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
    fields: list[MediaField | str] | None = None,
) -> dict[str, Any]:
    return {
        "path": {
            "media_id": media_id,
        },
        "params": query(
            {
                "fields": fields,
            },
            comma_separated=["fields"],
        ),
    }


def sync(
    media_id: str,
    *,
    client: AuthenticatedClient,
    fields: list[MediaField | str] | None = None,
    **options: Unpack[RequestOptions],
) -> Media | PartialMedia:
    """Get a media

    The response has all fields, or those named in `fields`. No 400 is documented for this call.
    Free.

    Args:
        media_id (str):
        fields (list[MediaField | str] | None):
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.
        ValueError: an id is blank or not a string; nothing was sent.

    Returns:
        Media | PartialMedia
    """
    return _OPERATION.sync(
        client,
        _get_kwargs(
            media_id=media_id,
            fields=fields,
        ),
        **options,
    )


def sync_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
    fields: list[MediaField | str] | None = None,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | Media | PartialMedia | None]:
    """Like :func:`sync`, but return the complete response and raise no ApiError.

    Its ``parsed`` is the model that is documented for the status, also for an error, or None.
    """
    return _OPERATION.sync_detailed(
        client,
        _get_kwargs(
            media_id=media_id,
            fields=fields,
        ),
        **options,
    )


async def asyncio(
    media_id: str,
    *,
    client: AuthenticatedClient,
    fields: list[MediaField | str] | None = None,
    **options: Unpack[RequestOptions],
) -> Media | PartialMedia:
    """Get a media

    The response has all fields, or those named in `fields`. No 400 is documented for this call.
    Free.

    Args:
        media_id (str):
        fields (list[MediaField | str] | None):
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.
        ValueError: an id is blank or not a string; nothing was sent.

    Returns:
        Media | PartialMedia
    """
    return await _OPERATION.asyncio(
        client,
        _get_kwargs(
            media_id=media_id,
            fields=fields,
        ),
        **options,
    )


async def asyncio_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
    fields: list[MediaField | str] | None = None,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | Media | PartialMedia | None]:
    """Like :func:`asyncio`, but return the complete response and raise no ApiError.

    Its ``parsed`` is the model that is documented for the status, also for an error, or None.
    """
    return await _OPERATION.asyncio_detailed(
        client,
        _get_kwargs(
            media_id=media_id,
            fields=fields,
        ),
        **options,
    )
