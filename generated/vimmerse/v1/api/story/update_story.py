# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

import warnings
from collections.abc import Coroutine
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.story_envelope import StoryEnvelope
from ...models.update_story_form import UpdateStoryForm
from ...models.update_story_json import UpdateStoryJson
from ...types import Response, path_segment

_DEPRECATED = "PUT /story/{story_id} (vimmerse.v1.api.story.update_story) is deprecated; nothing takes its place"


def _get_kwargs(
    story_id: str,
    *,
    body: UpdateStoryForm | UpdateStoryJson,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/story/{story_id}".format(
            story_id=path_segment("story_id", story_id),
        ),
    }

    if isinstance(body, UpdateStoryForm):
        _kwargs["data"] = body.to_dict()

    elif isinstance(body, UpdateStoryJson):
        _kwargs["json"] = body.to_dict()

    else:
        raise TypeError(
            "body must be UpdateStoryForm or UpdateStoryJson, "
            f"not {type(body).__module__}.{type(body).__name__}"
        )

    return _kwargs


def _parse_success(response: httpx.Response) -> StoryEnvelope:
    if response.status_code == 200:
        response_200 = StoryEnvelope.from_dict(errors.json_object(response))

        return response_200

    raise errors.from_response(response, _parse_error(response))


def _parse_error(response: httpx.Response) -> Error | HTTPValidationError | None:
    if 200 <= response.status_code < 300:
        return None
    try:
        if response.status_code in (400, 401, 403, 404):
            response_404 = Error.from_dict(errors.json_object(response))

            return response_404

        if response.status_code == 422:
            response_422 = HTTPValidationError.from_dict(errors.json_object(response))

            return response_422

        if 400 <= response.status_code <= 499 or 500 <= response.status_code <= 599:
            response_5xx = Error.from_dict(errors.json_object(response))

            return response_5xx

    except errors.UNREADABLE:
        pass
    return None


def _result(response: httpx.Response) -> StoryEnvelope:
    try:
        return _parse_success(response)
    except errors.UNREADABLE as error:
        raise errors.from_response(response) from error


def _build_response(
    response: httpx.Response,
) -> Response[Error | HTTPValidationError | StoryEnvelope]:
    parsed: Error | HTTPValidationError | StoryEnvelope | None
    try:
        parsed = _parse_success(response) if response.is_success else _parse_error(response)
    except (errors.ApiError, *errors.UNREADABLE):
        parsed = None
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=parsed,
    )


def sync(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateStoryForm | UpdateStoryJson,
) -> StoryEnvelope:
    """Change a story's texts and visibility

    Sets title, description and visibility. Free. Nothing replaces it: v2 has no update of a
    story; give the title when creating it.

    Each call gives a DeprecationWarning: PUT /story/{story_id}
    (vimmerse.v1.api.story.update_story) is deprecated; nothing takes its place.

    Args:
        story_id (str):
        body (UpdateStoryForm): New texts for a story, as a form.
        body (UpdateStoryJson): New texts for a story, as JSON.

    Raises:
        errors.ApiError: the server answered with anything but a documented success.
        httpx.TransportError: there was no answer, a timeout included.
        ValueError: an id is no id; nothing was sent.

    Returns:
        StoryEnvelope
    """
    warnings.warn(_DEPRECATED, DeprecationWarning, stacklevel=2)
    return _result(
        client.get_httpx_client().request(
            **_get_kwargs(
                story_id=story_id,
                body=body,
            )
        )
    )


def sync_detailed(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateStoryForm | UpdateStoryJson,
) -> Response[Error | HTTPValidationError | StoryEnvelope]:
    """As :func:`sync`, but gives the whole answer and raises no ApiError: ``parsed`` is the model that is documented for
    its status, an error's too, or None.
    """
    warnings.warn(_DEPRECATED, DeprecationWarning, stacklevel=2)
    return _build_response(
        client.get_httpx_client().request(
            **_get_kwargs(
                story_id=story_id,
                body=body,
            )
        )
    )


def asyncio(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateStoryForm | UpdateStoryJson,
) -> Coroutine[Any, Any, StoryEnvelope]:
    """Change a story's texts and visibility

    Sets title, description and visibility. Free. Nothing replaces it: v2 has no update of a
    story; give the title when creating it.

    Each call gives a DeprecationWarning: PUT /story/{story_id}
    (vimmerse.v1.api.story.update_story) is deprecated; nothing takes its place.

    Args:
        story_id (str):
        body (UpdateStoryForm): New texts for a story, as a form.
        body (UpdateStoryJson): New texts for a story, as JSON.

    Raises:
        errors.ApiError: the server answered with anything but a documented success.
        httpx.TransportError: there was no answer, a timeout included.
        ValueError: an id is no id; nothing was sent.

    Returns:
        StoryEnvelope
    """
    # Not in the coroutine: a task runs that from the event loop, where the caller's line can't be told any more.
    warnings.warn(_DEPRECATED, DeprecationWarning, stacklevel=2)

    async def call() -> StoryEnvelope:
        return _result(
            await client.get_async_httpx_client().request(
                **_get_kwargs(
                    story_id=story_id,
                    body=body,
                )
            )
        )

    return call()


def asyncio_detailed(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateStoryForm | UpdateStoryJson,
) -> Coroutine[Any, Any, Response[Error | HTTPValidationError | StoryEnvelope]]:
    """As :func:`asyncio`, but gives the whole answer and raises no ApiError: ``parsed`` is the model that is documented for
    its status, an error's too, or None.
    """
    # Not in the coroutine: a task runs that from the event loop, where the caller's line can't be told any more.
    warnings.warn(_DEPRECATED, DeprecationWarning, stacklevel=2)

    async def call() -> Response[Error | HTTPValidationError | StoryEnvelope]:
        return _build_response(
            await client.get_async_httpx_client().request(
                **_get_kwargs(
                    story_id=story_id,
                    body=body,
                )
            )
        )

    return call()
