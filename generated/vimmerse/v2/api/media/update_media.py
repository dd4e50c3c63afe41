# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any, Unpack

from vimmerse._http.operations import ApiOperation, request_body

from ...client import AuthenticatedClient
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.media import Media
from ...models.update_media_request import UpdateMediaRequest
from ...types import RequestOptions, Response

_OPERATION: ApiOperation[Media, Error | HTTPValidationError] = ApiOperation(
    "PUT",
    "/v2/media/{media_id}",
    {
        "200": Media,
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
    body: UpdateMediaRequest,
) -> dict[str, Any]:
    return {
        "path": {
            "media_id": media_id,
        },
        **request_body(
            body,
            {
                UpdateMediaRequest: "json",
            },
        ),
    }


def sync(
    media_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateMediaRequest,
    **options: Unpack[RequestOptions],
) -> Media:
    """Edit a media, or generate it again

    An empty object changes nothing. A field that is not free starts a new, paid generation.
    Free with only `title`, `description`, `visibility_status`, `rating` and `webhook_url`; else
    paid: about rate x quantity x duration credits, doubled by native audio, where the rate is
    10 a second, or 5 for AutoT1, PVideo and VeoLite. That a media costs what a scene of its
    length costs is inferred.

    Args:
        media_id (str):
        body (UpdateMediaRequest): The body of update_media. Omitted fields stay unchanged; null
            is accepted everywhere and its effect is not
            documented.
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.
        ValueError: an id is blank or not a string; nothing was sent.

    Returns:
        Media
    """
    return _OPERATION.sync(
        client,
        _get_kwargs(
            media_id=media_id,
            body=body,
        ),
        **options,
    )


def sync_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateMediaRequest,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | Media | None]:
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


async def asyncio(
    media_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateMediaRequest,
    **options: Unpack[RequestOptions],
) -> Media:
    """Edit a media, or generate it again

    An empty object changes nothing. A field that is not free starts a new, paid generation.
    Free with only `title`, `description`, `visibility_status`, `rating` and `webhook_url`; else
    paid: about rate x quantity x duration credits, doubled by native audio, where the rate is
    10 a second, or 5 for AutoT1, PVideo and VeoLite. That a media costs what a scene of its
    length costs is inferred.

    Args:
        media_id (str):
        body (UpdateMediaRequest): The body of update_media. Omitted fields stay unchanged; null
            is accepted everywhere and its effect is not
            documented.
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.
        ValueError: an id is blank or not a string; nothing was sent.

    Returns:
        Media
    """
    return await _OPERATION.asyncio(
        client,
        _get_kwargs(
            media_id=media_id,
            body=body,
        ),
        **options,
    )


async def asyncio_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateMediaRequest,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | Media | None]:
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
