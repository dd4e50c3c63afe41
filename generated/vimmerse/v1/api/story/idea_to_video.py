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
from ...models.idea_to_video_form import IdeaToVideoForm
from ...models.idea_to_video_json import IdeaToVideoJson
from ...models.story_envelope import StoryEnvelope
from ...types import Response

_DEPRECATED = "POST /story/idea-2-video (vimmerse.v1.api.story.idea_to_video) is deprecated; use vimmerse.v2.api.story.idea_to_video (POST /v2/story/idea-2-video)"


def _get_kwargs(
    *,
    body: IdeaToVideoForm | IdeaToVideoJson,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/story/idea-2-video",
    }

    if isinstance(body, IdeaToVideoForm):
        _kwargs["data"] = body.to_dict()

    elif isinstance(body, IdeaToVideoJson):
        _kwargs["json"] = body.to_dict()

    else:
        raise TypeError(
            "body must be IdeaToVideoForm or IdeaToVideoJson, "
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
        if response.status_code in (400, 401, 402, 403):
            response_403 = Error.from_dict(errors.json_object(response))

            return response_403

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
    *,
    client: AuthenticatedClient,
    body: IdeaToVideoForm | IdeaToVideoJson,
) -> StoryEnvelope:
    """Make a video from an idea

    Makes the whole video in one call: storyboard, images, narration, motion. Answers at once
    with the new story; poll it until its status is "success", then read `video_url`. Paid.
    Replaced by POST /v2/story/idea-2-video, which takes JSON and answers without the wrapper.

    Each call gives a DeprecationWarning: POST /story/idea-2-video
    (vimmerse.v1.api.story.idea_to_video) is deprecated; use vimmerse.v2.api.story.idea_to_video
    (POST /v2/story/idea-2-video).

    Args:
        body (IdeaToVideoForm): A video from an idea, as a form. Objects are JSON text, and
            booleans True, true, 1, Yes or on.
        body (IdeaToVideoJson): A video from an idea, as JSON. Objects are real ones.

    Raises:
        errors.ApiError: the server answered with anything but a documented success.
        httpx.TransportError: there was no answer, a timeout included.

    Returns:
        StoryEnvelope
    """
    warnings.warn(_DEPRECATED, DeprecationWarning, stacklevel=2)
    return _result(
        client.get_httpx_client().request(
            **_get_kwargs(
                body=body,
            )
        )
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: IdeaToVideoForm | IdeaToVideoJson,
) -> Response[Error | HTTPValidationError | StoryEnvelope]:
    """As :func:`sync`, but gives the whole answer and raises no ApiError: ``parsed`` is the model that is documented for
    its status, an error's too, or None.
    """
    warnings.warn(_DEPRECATED, DeprecationWarning, stacklevel=2)
    return _build_response(
        client.get_httpx_client().request(
            **_get_kwargs(
                body=body,
            )
        )
    )


def asyncio(
    *,
    client: AuthenticatedClient,
    body: IdeaToVideoForm | IdeaToVideoJson,
) -> Coroutine[Any, Any, StoryEnvelope]:
    """Make a video from an idea

    Makes the whole video in one call: storyboard, images, narration, motion. Answers at once
    with the new story; poll it until its status is "success", then read `video_url`. Paid.
    Replaced by POST /v2/story/idea-2-video, which takes JSON and answers without the wrapper.

    Each call gives a DeprecationWarning: POST /story/idea-2-video
    (vimmerse.v1.api.story.idea_to_video) is deprecated; use vimmerse.v2.api.story.idea_to_video
    (POST /v2/story/idea-2-video).

    Args:
        body (IdeaToVideoForm): A video from an idea, as a form. Objects are JSON text, and
            booleans True, true, 1, Yes or on.
        body (IdeaToVideoJson): A video from an idea, as JSON. Objects are real ones.

    Raises:
        errors.ApiError: the server answered with anything but a documented success.
        httpx.TransportError: there was no answer, a timeout included.

    Returns:
        StoryEnvelope
    """
    # Not in the coroutine: a task runs that from the event loop, where the caller's line can't be told any more.
    warnings.warn(_DEPRECATED, DeprecationWarning, stacklevel=2)

    async def call() -> StoryEnvelope:
        return _result(
            await client.get_async_httpx_client().request(
                **_get_kwargs(
                    body=body,
                )
            )
        )

    return call()


def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: IdeaToVideoForm | IdeaToVideoJson,
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
                    body=body,
                )
            )
        )

    return call()
