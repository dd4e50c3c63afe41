# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

import warnings
from collections.abc import Coroutine
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient
from ...models.create_scenes_form import CreateScenesForm
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.story_envelope import StoryEnvelope
from ...types import UNSET, Response, Unset, path_segment

_DEPRECATED = "POST /story/{story_id}/scenes (vimmerse.v1.api.story.create_scenes) is deprecated; use vimmerse.v2.api.story.create_scenes (POST /v2/story/{story_id}/scenes)"


def _get_kwargs(
    story_id: str,
    *,
    body: CreateScenesForm | Unset = UNSET,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/story/{story_id}/scenes".format(
            story_id=path_segment("story_id", story_id),
        ),
    }

    if isinstance(body, CreateScenesForm):
        if not isinstance(body, Unset):
            _kwargs["data"] = body.to_dict()

    elif not isinstance(body, Unset):
        raise TypeError(
            f"body must be CreateScenesForm, not {type(body).__module__}.{type(body).__name__}"
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
        if response.status_code in (400, 401, 402, 403, 404):
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
    body: CreateScenesForm | Unset = UNSET,
) -> StoryEnvelope:
    """Step 2: draw the scenes and record the narration

    Makes the images and narrations that the scenes of the storyboard still lack. Sound that is
    not named here stays as step 1 decided (published). What it costs is not published. Replaced
    by POST /v2/story/{story_id}/scenes, which takes JSON and answers without the wrapper.

    Each call gives a DeprecationWarning: POST /story/{story_id}/scenes
    (vimmerse.v1.api.story.create_scenes) is deprecated; use vimmerse.v2.api.story.create_scenes
    (POST /v2/story/{story_id}/scenes).

    Args:
        story_id (str):
        body (CreateScenesForm | Unset): What the scenes are to look and sound like. Objects are
            JSON text.

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
    body: CreateScenesForm | Unset = UNSET,
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
    body: CreateScenesForm | Unset = UNSET,
) -> Coroutine[Any, Any, StoryEnvelope]:
    """Step 2: draw the scenes and record the narration

    Makes the images and narrations that the scenes of the storyboard still lack. Sound that is
    not named here stays as step 1 decided (published). What it costs is not published. Replaced
    by POST /v2/story/{story_id}/scenes, which takes JSON and answers without the wrapper.

    Each call gives a DeprecationWarning: POST /story/{story_id}/scenes
    (vimmerse.v1.api.story.create_scenes) is deprecated; use vimmerse.v2.api.story.create_scenes
    (POST /v2/story/{story_id}/scenes).

    Args:
        story_id (str):
        body (CreateScenesForm | Unset): What the scenes are to look and sound like. Objects are
            JSON text.

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
    body: CreateScenesForm | Unset = UNSET,
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
