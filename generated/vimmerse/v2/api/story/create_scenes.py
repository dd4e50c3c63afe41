# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any, Unpack

from vimmerse._http.operations import ApiOperation, request_body

from ...client import AuthenticatedClient
from ...models.create_scenes_request import CreateScenesRequest
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.story import Story
from ...types import RequestOptions, Response

_OPERATION: ApiOperation[Story, Error | HTTPValidationError] = ApiOperation(
    "POST",
    "/v2/story/{story_id}/scenes",
    {
        "200": Story,
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
    story_id: str,
    *,
    body: CreateScenesRequest,
) -> dict[str, Any]:
    return {
        "path": {
            "story_id": story_id,
        },
        **request_body(
            body,
            {
                CreateScenesRequest: "json",
            },
        ),
    }


def sync(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: CreateScenesRequest,
    **options: Unpack[RequestOptions],
) -> Story:
    """Step 2: create the scenes' images and narration

    Generates the image and the narration of each scene of the storyboard that has none yet. The
    vendor's sample waits up to 180 seconds for the response, whose example shows 0 credits
    used. Free.

    Args:
        story_id (str):
        body (CreateScenesRequest): The body of step 2.
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.
        ValueError: an id is blank or not a string; nothing was sent.

    Returns:
        Story
    """
    return _OPERATION.sync(
        client,
        _get_kwargs(
            story_id=story_id,
            body=body,
        ),
        **options,
    )


def sync_detailed(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: CreateScenesRequest,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | Story | None]:
    """Like :func:`sync`, but return the complete response and raise no ApiError.

    Its ``parsed`` is the model that is documented for the status, also for an error, or None.
    """
    return _OPERATION.sync_detailed(
        client,
        _get_kwargs(
            story_id=story_id,
            body=body,
        ),
        **options,
    )


async def asyncio(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: CreateScenesRequest,
    **options: Unpack[RequestOptions],
) -> Story:
    """Step 2: create the scenes' images and narration

    Generates the image and the narration of each scene of the storyboard that has none yet. The
    vendor's sample waits up to 180 seconds for the response, whose example shows 0 credits
    used. Free.

    Args:
        story_id (str):
        body (CreateScenesRequest): The body of step 2.
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.
        ValueError: an id is blank or not a string; nothing was sent.

    Returns:
        Story
    """
    return await _OPERATION.asyncio(
        client,
        _get_kwargs(
            story_id=story_id,
            body=body,
        ),
        **options,
    )


async def asyncio_detailed(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: CreateScenesRequest,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | Story | None]:
    """Like :func:`asyncio`, but return the complete response and raise no ApiError.

    Its ``parsed`` is the model that is documented for the status, also for an error, or None.
    """
    return await _OPERATION.asyncio_detailed(
        client,
        _get_kwargs(
            story_id=story_id,
            body=body,
        ),
        **options,
    )
