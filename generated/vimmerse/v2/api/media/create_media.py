# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any, Unpack

from vimmerse._http.operations import ApiOperation, request_body

from ...client import AuthenticatedClient
from ...models.create_media_request import CreateMediaRequest
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.media import Media
from ...types import RequestOptions, Response

_OPERATION: ApiOperation[Media, Error | HTTPValidationError] = ApiOperation(
    "POST",
    "/v2/media",
    {
        "200": Media,
    },
    {
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
    *,
    body: CreateMediaRequest,
) -> dict[str, Any]:
    return {
        **request_body(
            body,
            {
                CreateMediaRequest: "json",
            },
        ),
    }


def sync(
    *,
    client: AuthenticatedClient,
    body: CreateMediaRequest,
    **options: Unpack[RequestOptions],
) -> Media:
    """Create a media

    Validates the request, checks the credits, creates the record, queues the generation and
    returns at once. The media is finished when its processing status is `success`; `GET
    /v2/media/{media_id}` then returns its `result`. Give a `prompt`, `media_items`, or both;
    that neither is a validation error is inferred. Paid: about rate x quantity x duration
    credits, doubled by native audio, where the rate is 10 a second, or 5 for AutoT1, PVideo and
    VeoLite. That a media costs what a scene of its length costs is inferred.

    Args:
        body (CreateMediaRequest): The body of create_media. Give a prompt, media items, or
            both.
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.

    Returns:
        Media
    """
    return _OPERATION.sync(
        client,
        _get_kwargs(
            body=body,
        ),
        **options,
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: CreateMediaRequest,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | Media | None]:
    """Like :func:`sync`, but return the complete response and raise no ApiError.

    Its ``parsed`` is the model that is documented for the status, also for an error, or None.
    """
    return _OPERATION.sync_detailed(
        client,
        _get_kwargs(
            body=body,
        ),
        **options,
    )


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: CreateMediaRequest,
    **options: Unpack[RequestOptions],
) -> Media:
    """Create a media

    Validates the request, checks the credits, creates the record, queues the generation and
    returns at once. The media is finished when its processing status is `success`; `GET
    /v2/media/{media_id}` then returns its `result`. Give a `prompt`, `media_items`, or both;
    that neither is a validation error is inferred. Paid: about rate x quantity x duration
    credits, doubled by native audio, where the rate is 10 a second, or 5 for AutoT1, PVideo and
    VeoLite. That a media costs what a scene of its length costs is inferred.

    Args:
        body (CreateMediaRequest): The body of create_media. Give a prompt, media items, or
            both.
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.

    Returns:
        Media
    """
    return await _OPERATION.asyncio(
        client,
        _get_kwargs(
            body=body,
        ),
        **options,
    )


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: CreateMediaRequest,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | Media | None]:
    """Like :func:`asyncio`, but return the complete response and raise no ApiError.

    Its ``parsed`` is the model that is documented for the status, also for an error, or None.
    """
    return await _OPERATION.asyncio_detailed(
        client,
        _get_kwargs(
            body=body,
        ),
        **options,
    )
