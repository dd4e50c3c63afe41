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
from ...types import Response, path_segment

_DEPRECATED = "GET /story/{story_id} (vimmerse.v1.api.story.get_story) is deprecated; use vimmerse.v2.api.story.get_story (GET /v2/story/{story_id})"


def _get_kwargs(
    story_id: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/story/{story_id}".format(
            story_id=path_segment("story_id", story_id),
        ),
    }

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
) -> StoryEnvelope:
    """Get a story

    The story as it is now; poll it until `status` is "success" or "fail". Replaced by GET
    /v2/story/{story_id}, which answers without the wrapper and gives `medias` as `all_medias`.

    Each call gives a DeprecationWarning: GET /story/{story_id}
    (vimmerse.v1.api.story.get_story) is deprecated; use vimmerse.v2.api.story.get_story (GET
    /v2/story/{story_id}).

    Args:
        story_id (str):

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
            )
        )
    )


def sync_detailed(
    story_id: str,
    *,
    client: AuthenticatedClient,
) -> Response[Error | HTTPValidationError | StoryEnvelope]:
    """As :func:`sync`, but gives the whole answer and raises no ApiError: ``parsed`` is the model that is documented for
    its status, an error's too, or None.
    """
    warnings.warn(_DEPRECATED, DeprecationWarning, stacklevel=2)
    return _build_response(
        client.get_httpx_client().request(
            **_get_kwargs(
                story_id=story_id,
            )
        )
    )


def asyncio(
    story_id: str,
    *,
    client: AuthenticatedClient,
) -> Coroutine[Any, Any, StoryEnvelope]:
    """Get a story

    The story as it is now; poll it until `status` is "success" or "fail". Replaced by GET
    /v2/story/{story_id}, which answers without the wrapper and gives `medias` as `all_medias`.

    Each call gives a DeprecationWarning: GET /story/{story_id}
    (vimmerse.v1.api.story.get_story) is deprecated; use vimmerse.v2.api.story.get_story (GET
    /v2/story/{story_id}).

    Args:
        story_id (str):

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
                )
            )
        )

    return call()


def asyncio_detailed(
    story_id: str,
    *,
    client: AuthenticatedClient,
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
                )
            )
        )

    return call()
