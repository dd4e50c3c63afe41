# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any, Unpack

from vimmerse._http.deprecations import deprecated
from vimmerse._http.operations import ApiOperation, request_body

from ...client import AuthenticatedClient
from ...models.concat_story_form import ConcatStoryForm
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.story_envelope import StoryEnvelope
from ...types import RequestOptions, Response

_OPERATION: ApiOperation[StoryEnvelope, Error | HTTPValidationError] = ApiOperation(
    "POST",
    "/story/{story_id}/concat",
    {
        "200": StoryEnvelope,
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
    body: ConcatStoryForm | None = None,
) -> dict[str, Any]:
    return {
        "path": {
            "story_id": story_id,
        },
        **request_body(
            body,
            {
                ConcatStoryForm: "data",
            },
            required=False,
        ),
    }


@deprecated(
    "POST /story/{story_id}/concat (vimmerse.v1.api.story.concat_story) is deprecated; use vimmerse.v2.api.story.concat_story (POST /v2/story/{story_id}/concat)"
)
def sync(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: ConcatStoryForm | None = None,
    **options: Unpack[RequestOptions],
) -> StoryEnvelope:
    """Join a story's videos

    Joins the videos of the story, or those named; the result is at `video_url` later on. The
    body may be left out. What it costs is not published, though the page lists a 402. Replaced
    by POST /v2/story/{story_id}/concat, which takes JSON and returns no wrapper.

    Each call gives a DeprecationWarning: POST /story/{story_id}/concat
    (vimmerse.v1.api.story.concat_story) is deprecated; use vimmerse.v2.api.story.concat_story
    (POST /v2/story/{story_id}/concat).

    Args:
        story_id (str):
        body (ConcatStoryForm | None): The videos to join; empty for all of the story.
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.
        ValueError: an id is blank or not a string; nothing was sent.

    Returns:
        StoryEnvelope
    """
    return _OPERATION.sync(
        client,
        _get_kwargs(
            story_id=story_id,
            body=body,
        ),
        **options,
    )


@deprecated(
    "POST /story/{story_id}/concat (vimmerse.v1.api.story.concat_story) is deprecated; use vimmerse.v2.api.story.concat_story (POST /v2/story/{story_id}/concat)"
)
def sync_detailed(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: ConcatStoryForm | None = None,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | StoryEnvelope | None]:
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


@deprecated(
    "POST /story/{story_id}/concat (vimmerse.v1.api.story.concat_story) is deprecated; use vimmerse.v2.api.story.concat_story (POST /v2/story/{story_id}/concat)"
)
async def asyncio(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: ConcatStoryForm | None = None,
    **options: Unpack[RequestOptions],
) -> StoryEnvelope:
    """Join a story's videos

    Joins the videos of the story, or those named; the result is at `video_url` later on. The
    body may be left out. What it costs is not published, though the page lists a 402. Replaced
    by POST /v2/story/{story_id}/concat, which takes JSON and returns no wrapper.

    Each call gives a DeprecationWarning: POST /story/{story_id}/concat
    (vimmerse.v1.api.story.concat_story) is deprecated; use vimmerse.v2.api.story.concat_story
    (POST /v2/story/{story_id}/concat).

    Args:
        story_id (str):
        body (ConcatStoryForm | None): The videos to join; empty for all of the story.
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.
        ValueError: an id is blank or not a string; nothing was sent.

    Returns:
        StoryEnvelope
    """
    return await _OPERATION.asyncio(
        client,
        _get_kwargs(
            story_id=story_id,
            body=body,
        ),
        **options,
    )


@deprecated(
    "POST /story/{story_id}/concat (vimmerse.v1.api.story.concat_story) is deprecated; use vimmerse.v2.api.story.concat_story (POST /v2/story/{story_id}/concat)"
)
async def asyncio_detailed(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: ConcatStoryForm | None = None,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | StoryEnvelope | None]:
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
