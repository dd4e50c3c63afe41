# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any, Unpack

from vimmerse._http.deprecations import deprecated
from vimmerse._http.operations import ApiOperation, request_body

from ...client import AuthenticatedClient
from ...models.create_storyboard_form import CreateStoryboardForm
from ...models.create_storyboard_multipart import CreateStoryboardMultipart
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.story_envelope import StoryEnvelope
from ...types import RequestOptions, Response

_OPERATION: ApiOperation[StoryEnvelope, Error | HTTPValidationError] = ApiOperation(
    "POST",
    "/story",
    {
        "200": StoryEnvelope,
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
    body: CreateStoryboardForm | CreateStoryboardMultipart,
) -> dict[str, Any]:
    return {
        **request_body(
            body,
            {
                CreateStoryboardForm: "data",
                CreateStoryboardMultipart: "files",
            },
        ),
    }


@deprecated(
    "POST /story (vimmerse.v1.api.story.create_storyboard) is deprecated; use vimmerse.v2.api.story.create_storyboard (POST /v2/story)"
)
def sync(
    *,
    client: AuthenticatedClient,
    body: CreateStoryboardForm | CreateStoryboardMultipart,
    **options: Unpack[RequestOptions],
) -> StoryEnvelope:
    """Step 1: create a story and its storyboard

    Creates a story and writes its storyboard from the idea; in revised v1, from images too. No
    404 is documented; that an unknown `story_id` gets one is inferred. Replaced by POST
    /v2/story, which takes JSON and returns no wrapper; files are uploaded there first, through
    POST /v2/image.

    Each call gives a DeprecationWarning: POST /story (vimmerse.v1.api.story.create_storyboard)
    is deprecated; use vimmerse.v2.api.story.create_storyboard (POST /v2/story).

    Args:
        body (CreateStoryboardForm): A storyboard from an idea, as a form. Objects are JSON
            text.
        body (CreateStoryboardMultipart): A storyboard from an idea and image files.
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.

    Returns:
        StoryEnvelope
    """
    return _OPERATION.sync(
        client,
        _get_kwargs(
            body=body,
        ),
        **options,
    )


@deprecated(
    "POST /story (vimmerse.v1.api.story.create_storyboard) is deprecated; use vimmerse.v2.api.story.create_storyboard (POST /v2/story)"
)
def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: CreateStoryboardForm | CreateStoryboardMultipart,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | StoryEnvelope | None]:
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


@deprecated(
    "POST /story (vimmerse.v1.api.story.create_storyboard) is deprecated; use vimmerse.v2.api.story.create_storyboard (POST /v2/story)"
)
async def asyncio(
    *,
    client: AuthenticatedClient,
    body: CreateStoryboardForm | CreateStoryboardMultipart,
    **options: Unpack[RequestOptions],
) -> StoryEnvelope:
    """Step 1: create a story and its storyboard

    Creates a story and writes its storyboard from the idea; in revised v1, from images too. No
    404 is documented; that an unknown `story_id` gets one is inferred. Replaced by POST
    /v2/story, which takes JSON and returns no wrapper; files are uploaded there first, through
    POST /v2/image.

    Each call gives a DeprecationWarning: POST /story (vimmerse.v1.api.story.create_storyboard)
    is deprecated; use vimmerse.v2.api.story.create_storyboard (POST /v2/story).

    Args:
        body (CreateStoryboardForm): A storyboard from an idea, as a form. Objects are JSON
            text.
        body (CreateStoryboardMultipart): A storyboard from an idea and image files.
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.

    Returns:
        StoryEnvelope
    """
    return await _OPERATION.asyncio(
        client,
        _get_kwargs(
            body=body,
        ),
        **options,
    )


@deprecated(
    "POST /story (vimmerse.v1.api.story.create_storyboard) is deprecated; use vimmerse.v2.api.story.create_storyboard (POST /v2/story)"
)
async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: CreateStoryboardForm | CreateStoryboardMultipart,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | StoryEnvelope | None]:
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
