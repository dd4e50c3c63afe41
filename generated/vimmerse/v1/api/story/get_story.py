# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any, Unpack

from vimmerse._http.deprecations import deprecated
from vimmerse._http.operations import ApiOperation

from ...client import AuthenticatedClient
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.story_envelope import StoryEnvelope
from ...types import RequestOptions, Response

_OPERATION: ApiOperation[StoryEnvelope, Error | HTTPValidationError] = ApiOperation(
    "GET",
    "/story/{story_id}",
    {
        "200": StoryEnvelope,
    },
    {
        "400": Error,
        "401": Error,
        "403": Error,
        "404": Error,
        "422": HTTPValidationError,
        "4XX": Error,
        "5XX": Error,
    },
)


def _get_kwargs(
    story_id: str,
) -> dict[str, Any]:
    return {
        "path": {
            "story_id": story_id,
        },
    }


@deprecated(
    "GET /story/{story_id} (vimmerse.v1.api.story.get_story) is deprecated; use vimmerse.v2.api.story.get_story (GET /v2/story/{story_id})"
)
def sync(
    story_id: str,
    *,
    client: AuthenticatedClient,
    **options: Unpack[RequestOptions],
) -> StoryEnvelope:
    """Get a story

    The story as it is now; poll it until `status` is "success" or "fail". Replaced by GET
    /v2/story/{story_id}, which returns no wrapper and gives `medias` as `all_medias`.

    Each call gives a DeprecationWarning: GET /story/{story_id}
    (vimmerse.v1.api.story.get_story) is deprecated; use vimmerse.v2.api.story.get_story (GET
    /v2/story/{story_id}).

    Args:
        story_id (str):
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
        ),
        **options,
    )


@deprecated(
    "GET /story/{story_id} (vimmerse.v1.api.story.get_story) is deprecated; use vimmerse.v2.api.story.get_story (GET /v2/story/{story_id})"
)
def sync_detailed(
    story_id: str,
    *,
    client: AuthenticatedClient,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | StoryEnvelope | None]:
    """Like :func:`sync`, but return the complete response and raise no ApiError.

    Its ``parsed`` is the model that is documented for the status, also for an error, or None.
    """
    return _OPERATION.sync_detailed(
        client,
        _get_kwargs(
            story_id=story_id,
        ),
        **options,
    )


@deprecated(
    "GET /story/{story_id} (vimmerse.v1.api.story.get_story) is deprecated; use vimmerse.v2.api.story.get_story (GET /v2/story/{story_id})"
)
async def asyncio(
    story_id: str,
    *,
    client: AuthenticatedClient,
    **options: Unpack[RequestOptions],
) -> StoryEnvelope:
    """Get a story

    The story as it is now; poll it until `status` is "success" or "fail". Replaced by GET
    /v2/story/{story_id}, which returns no wrapper and gives `medias` as `all_medias`.

    Each call gives a DeprecationWarning: GET /story/{story_id}
    (vimmerse.v1.api.story.get_story) is deprecated; use vimmerse.v2.api.story.get_story (GET
    /v2/story/{story_id}).

    Args:
        story_id (str):
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
        ),
        **options,
    )


@deprecated(
    "GET /story/{story_id} (vimmerse.v1.api.story.get_story) is deprecated; use vimmerse.v2.api.story.get_story (GET /v2/story/{story_id})"
)
async def asyncio_detailed(
    story_id: str,
    *,
    client: AuthenticatedClient,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | StoryEnvelope | None]:
    """Like :func:`asyncio`, but return the complete response and raise no ApiError.

    Its ``parsed`` is the model that is documented for the status, also for an error, or None.
    """
    return await _OPERATION.asyncio_detailed(
        client,
        _get_kwargs(
            story_id=story_id,
        ),
        **options,
    )
