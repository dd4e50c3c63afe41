# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any, Unpack

from vimmerse._http.operations import ApiOperation, request_body

from ...client import AuthenticatedClient
from ...models.create_storyboard_request import CreateStoryboardRequest
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.story import Story
from ...types import RequestOptions, Response

_OPERATION: ApiOperation[Story, Error | HTTPValidationError] = ApiOperation(
    "POST",
    "/v2/story",
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
    body: CreateStoryboardRequest,
) -> dict[str, Any]:
    return {
        **request_body(
            body,
            {
                CreateStoryboardRequest: "json",
            },
        ),
    }


def sync(
    *,
    client: AuthenticatedClient,
    body: CreateStoryboardRequest,
    **options: Unpack[RequestOptions],
) -> Story:
    """Step 1: create a story and its storyboard

    Starts the step-by-step workflow from an idea, from image URLs, or from both. With images,
    there are as many scenes as images. Native audio chosen here doubles the price of step 3.
    The vendor's example shows that this step used 0 credits, though a call without credits may
    be rejected. Free.

    Args:
        body (CreateStoryboardRequest): The body of step 1. Give an idea, image URLs, or both.
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
    body: CreateStoryboardRequest,
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
    body: CreateStoryboardRequest,
    **options: Unpack[RequestOptions],
) -> Story:
    """Step 1: create a story and its storyboard

    Starts the step-by-step workflow from an idea, from image URLs, or from both. With images,
    there are as many scenes as images. Native audio chosen here doubles the price of step 3.
    The vendor's example shows that this step used 0 credits, though a call without credits may
    be rejected. Free.

    Args:
        body (CreateStoryboardRequest): The body of step 1. Give an idea, image URLs, or both.
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
    body: CreateStoryboardRequest,
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
