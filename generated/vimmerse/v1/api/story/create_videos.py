# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any, Unpack

from vimmerse._http.deprecations import deprecated
from vimmerse._http.operations import ApiOperation, request_body

from ...client import AuthenticatedClient
from ...models.create_videos_form import CreateVideosForm
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.story_envelope import StoryEnvelope
from ...types import RequestOptions, Response

_OPERATION: ApiOperation[StoryEnvelope, Error | HTTPValidationError] = ApiOperation(
    "POST",
    "/story/{story_id}/videos",
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
    body: CreateVideosForm | None = None,
) -> dict[str, Any]:
    return {
        "path": {
            "story_id": story_id,
        },
        **request_body(
            body,
            {
                CreateVideosForm: "data",
            },
            required=False,
        ),
    }


@deprecated(
    "POST /story/{story_id}/videos (vimmerse.v1.api.story.create_videos) is deprecated; use vimmerse.v2.api.story.create_videos (POST /v2/story/{story_id}/videos)"
)
def sync(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: CreateVideosForm | None = None,
    **options: Unpack[RequestOptions],
) -> StoryEnvelope:
    """Step 3: animate the scenes and join them

    Starts one video for each scene; the response lists them in `medias`. Once all are done the
    joined video is at `video_url`; the page's sample waits ten seconds more for it. Paid.
    Replaced by POST /v2/story/{story_id}/videos, which takes JSON, returns no wrapper and takes
    no audio fields. That the story may be unknown (404) is inferred.

    Each call gives a DeprecationWarning: POST /story/{story_id}/videos
    (vimmerse.v1.api.story.create_videos) is deprecated; use vimmerse.v2.api.story.create_videos
    (POST /v2/story/{story_id}/videos).

    Args:
        story_id (str):
        body (CreateVideosForm | None): How the scenes are animated. Objects are JSON text.
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
    "POST /story/{story_id}/videos (vimmerse.v1.api.story.create_videos) is deprecated; use vimmerse.v2.api.story.create_videos (POST /v2/story/{story_id}/videos)"
)
def sync_detailed(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: CreateVideosForm | None = None,
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
    "POST /story/{story_id}/videos (vimmerse.v1.api.story.create_videos) is deprecated; use vimmerse.v2.api.story.create_videos (POST /v2/story/{story_id}/videos)"
)
async def asyncio(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: CreateVideosForm | None = None,
    **options: Unpack[RequestOptions],
) -> StoryEnvelope:
    """Step 3: animate the scenes and join them

    Starts one video for each scene; the response lists them in `medias`. Once all are done the
    joined video is at `video_url`; the page's sample waits ten seconds more for it. Paid.
    Replaced by POST /v2/story/{story_id}/videos, which takes JSON, returns no wrapper and takes
    no audio fields. That the story may be unknown (404) is inferred.

    Each call gives a DeprecationWarning: POST /story/{story_id}/videos
    (vimmerse.v1.api.story.create_videos) is deprecated; use vimmerse.v2.api.story.create_videos
    (POST /v2/story/{story_id}/videos).

    Args:
        story_id (str):
        body (CreateVideosForm | None): How the scenes are animated. Objects are JSON text.
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
    "POST /story/{story_id}/videos (vimmerse.v1.api.story.create_videos) is deprecated; use vimmerse.v2.api.story.create_videos (POST /v2/story/{story_id}/videos)"
)
async def asyncio_detailed(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: CreateVideosForm | None = None,
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
