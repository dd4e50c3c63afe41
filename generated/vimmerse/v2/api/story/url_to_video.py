# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any, Unpack

from vimmerse._http.operations import ApiOperation, request_body

from ...client import AuthenticatedClient
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.story import Story
from ...models.url_to_video_request import UrlToVideoRequest
from ...types import RequestOptions, Response

_OPERATION: ApiOperation[Story, Error | HTTPValidationError] = ApiOperation(
    "POST",
    "/v2/story/url-2-video",
    {
        "200": Story,
    },
    {
        "400": Error,
        "401": Error,
        "402": Error,
        "403": Error,
        "422": HTTPValidationError,
        "4XX": Error,
        "5XX": Error,
    },
)


def _get_kwargs(
    *,
    body: UrlToVideoRequest,
) -> dict[str, Any]:
    return {
        **request_body(
            body,
            {
                UrlToVideoRequest: "json",
            },
        ),
    }


def sync(
    *,
    client: AuthenticatedClient,
    body: UrlToVideoRequest,
    **options: Unpack[RequestOptions],
) -> Story:
    """Create a video about a website

    Creates a story from the idea and from the page whose URL is given in `idea`. Otherwise
    works like `POST /v2/story/idea-2-video`. Paid: about rate x scene_count x scene_duration
    credits, doubled by native audio, where the rate is 10 a second, or 5 for AutoT1, PVideo and
    VeoLite.

    Args:
        body (UrlToVideoRequest): The body of url-2-video.
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.

    Returns:
        Story
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
    body: UrlToVideoRequest,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | Story | None]:
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
    body: UrlToVideoRequest,
    **options: Unpack[RequestOptions],
) -> Story:
    """Create a video about a website

    Creates a story from the idea and from the page whose URL is given in `idea`. Otherwise
    works like `POST /v2/story/idea-2-video`. Paid: about rate x scene_count x scene_duration
    credits, doubled by native audio, where the rate is 10 a second, or 5 for AutoT1, PVideo and
    VeoLite.

    Args:
        body (UrlToVideoRequest): The body of url-2-video.
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.

    Returns:
        Story
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
    body: UrlToVideoRequest,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | Story | None]:
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
