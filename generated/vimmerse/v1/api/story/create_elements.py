# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any, Unpack

from vimmerse._http.deprecations import deprecated
from vimmerse._http.operations import ApiOperation, request_body

from ...client import AuthenticatedClient
from ...models.create_elements_form import CreateElementsForm
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.story_envelope import StoryEnvelope
from ...types import RequestOptions, Response

_OPERATION: ApiOperation[StoryEnvelope, Error | HTTPValidationError] = ApiOperation(
    "POST",
    "/story/{story_id}/elements",
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
    body: CreateElementsForm | None = None,
) -> dict[str, Any]:
    return {
        "path": {
            "story_id": story_id,
        },
        **request_body(
            body,
            {
                CreateElementsForm: "data",
            },
            required=False,
        ),
    }


@deprecated(
    "POST /story/{story_id}/elements (vimmerse.v1.api.story.create_elements) is deprecated; use vimmerse.v2.api.story.create_elements (POST /v2/story/{story_id}/elements)"
)
def sync(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: CreateElementsForm | None = None,
    **options: Unpack[RequestOptions],
) -> StoryEnvelope:
    """Step 1.5: draw the elements (optional)

    Draws the characters, objects and environments of the storyboard that have no image yet, and
    makes the music, unless its `music_url` is given. What it costs is not published. Replaced
    by POST /v2/story/{story_id}/elements, which takes JSON, returns no wrapper and takes no
    audio fields.

    Each call gives a DeprecationWarning: POST /story/{story_id}/elements
    (vimmerse.v1.api.story.create_elements) is deprecated; use
    vimmerse.v2.api.story.create_elements (POST /v2/story/{story_id}/elements).

    Args:
        story_id (str):
        body (CreateElementsForm | None): The appearance of the elements.
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
    "POST /story/{story_id}/elements (vimmerse.v1.api.story.create_elements) is deprecated; use vimmerse.v2.api.story.create_elements (POST /v2/story/{story_id}/elements)"
)
def sync_detailed(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: CreateElementsForm | None = None,
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
    "POST /story/{story_id}/elements (vimmerse.v1.api.story.create_elements) is deprecated; use vimmerse.v2.api.story.create_elements (POST /v2/story/{story_id}/elements)"
)
async def asyncio(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: CreateElementsForm | None = None,
    **options: Unpack[RequestOptions],
) -> StoryEnvelope:
    """Step 1.5: draw the elements (optional)

    Draws the characters, objects and environments of the storyboard that have no image yet, and
    makes the music, unless its `music_url` is given. What it costs is not published. Replaced
    by POST /v2/story/{story_id}/elements, which takes JSON, returns no wrapper and takes no
    audio fields.

    Each call gives a DeprecationWarning: POST /story/{story_id}/elements
    (vimmerse.v1.api.story.create_elements) is deprecated; use
    vimmerse.v2.api.story.create_elements (POST /v2/story/{story_id}/elements).

    Args:
        story_id (str):
        body (CreateElementsForm | None): The appearance of the elements.
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
    "POST /story/{story_id}/elements (vimmerse.v1.api.story.create_elements) is deprecated; use vimmerse.v2.api.story.create_elements (POST /v2/story/{story_id}/elements)"
)
async def asyncio_detailed(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: CreateElementsForm | None = None,
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
