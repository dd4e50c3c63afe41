# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any, Unpack

from vimmerse._http.deprecations import deprecated
from vimmerse._http.operations import ApiOperation, request_body

from ...client import AuthenticatedClient
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.story_envelope import StoryEnvelope
from ...models.update_story_form import UpdateStoryForm
from ...models.update_story_json import UpdateStoryJson
from ...types import RequestOptions, Response

_OPERATION: ApiOperation[StoryEnvelope, Error | HTTPValidationError] = ApiOperation(
    "PUT",
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
    *,
    body: UpdateStoryForm | UpdateStoryJson,
) -> dict[str, Any]:
    return {
        "path": {
            "story_id": story_id,
        },
        **request_body(
            body,
            {
                UpdateStoryForm: "data",
                UpdateStoryJson: "json",
            },
        ),
    }


@deprecated(
    "PUT /story/{story_id} (vimmerse.v1.api.story.update_story) is deprecated; it has no replacement"
)
def sync(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateStoryForm | UpdateStoryJson,
    **options: Unpack[RequestOptions],
) -> StoryEnvelope:
    """Update a story's texts and visibility

    Sets title, description and visibility. Free. Nothing replaces it: v2 has no update of a
    story; give the title when creating it.

    Each call gives a DeprecationWarning: PUT /story/{story_id}
    (vimmerse.v1.api.story.update_story) is deprecated; it has no replacement.

    Args:
        story_id (str):
        body (UpdateStoryForm): New texts for a story, as a form.
        body (UpdateStoryJson): New texts for a story, as JSON.
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
    "PUT /story/{story_id} (vimmerse.v1.api.story.update_story) is deprecated; it has no replacement"
)
def sync_detailed(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateStoryForm | UpdateStoryJson,
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
    "PUT /story/{story_id} (vimmerse.v1.api.story.update_story) is deprecated; it has no replacement"
)
async def asyncio(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateStoryForm | UpdateStoryJson,
    **options: Unpack[RequestOptions],
) -> StoryEnvelope:
    """Update a story's texts and visibility

    Sets title, description and visibility. Free. Nothing replaces it: v2 has no update of a
    story; give the title when creating it.

    Each call gives a DeprecationWarning: PUT /story/{story_id}
    (vimmerse.v1.api.story.update_story) is deprecated; it has no replacement.

    Args:
        story_id (str):
        body (UpdateStoryForm): New texts for a story, as a form.
        body (UpdateStoryJson): New texts for a story, as JSON.
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
    "PUT /story/{story_id} (vimmerse.v1.api.story.update_story) is deprecated; it has no replacement"
)
async def asyncio_detailed(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateStoryForm | UpdateStoryJson,
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
