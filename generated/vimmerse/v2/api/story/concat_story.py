# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient
from ...models.concat_story_request import ConcatStoryRequest
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.story import Story
from ...types import Response, path_segment


def _get_kwargs(
    story_id: str,
    *,
    body: ConcatStoryRequest,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v2/story/{story_id}/concat".format(
            story_id=path_segment("story_id", story_id),
        ),
    }

    if isinstance(body, ConcatStoryRequest):
        _kwargs["json"] = body.to_dict()

    else:
        raise TypeError(
            f"body must be ConcatStoryRequest, not {type(body).__module__}.{type(body).__name__}"
        )

    return _kwargs


def _parse_success(response: httpx.Response) -> Story:
    if response.status_code == 200:
        response_200 = Story.from_dict(errors.json_object(response))

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


def _result(response: httpx.Response) -> Story:
    try:
        return _parse_success(response)
    except errors.UNREADABLE as error:
        raise errors.from_response(response) from error


def _build_response(response: httpx.Response) -> Response[Error | HTTPValidationError | Story]:
    parsed: Error | HTTPValidationError | Story | None
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
    body: ConcatStoryRequest,
) -> Story:
    """Compose the film again

    Joins the story's videos, or those named in the body, under the given audio tracks.
    `video_url` of the story
    holds the result once it is ready.

    Args:
        story_id (str):
        body (ConcatStoryRequest): What to join; an empty object joins all the story's videos.

    Raises:
        errors.ApiError: the server answered with anything but a documented success.
        httpx.TransportError: there was no answer, a timeout included.
        ValueError: an id is no id; nothing was sent.

    Returns:
        Story
    """
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
    body: ConcatStoryRequest,
) -> Response[Error | HTTPValidationError | Story]:
    """As :func:`sync`, but gives the whole answer and raises no ApiError: ``parsed`` is the model that is documented for
    its status, an error's too, or None.
    """
    return _build_response(
        client.get_httpx_client().request(
            **_get_kwargs(
                story_id=story_id,
                body=body,
            )
        )
    )


async def asyncio(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: ConcatStoryRequest,
) -> Story:
    """Compose the film again

    Joins the story's videos, or those named in the body, under the given audio tracks.
    `video_url` of the story
    holds the result once it is ready.

    Args:
        story_id (str):
        body (ConcatStoryRequest): What to join; an empty object joins all the story's videos.

    Raises:
        errors.ApiError: the server answered with anything but a documented success.
        httpx.TransportError: there was no answer, a timeout included.
        ValueError: an id is no id; nothing was sent.

    Returns:
        Story
    """
    return _result(
        await client.get_async_httpx_client().request(
            **_get_kwargs(
                story_id=story_id,
                body=body,
            )
        )
    )


async def asyncio_detailed(
    story_id: str,
    *,
    client: AuthenticatedClient,
    body: ConcatStoryRequest,
) -> Response[Error | HTTPValidationError | Story]:
    """As :func:`asyncio`, but gives the whole answer and raises no ApiError: ``parsed`` is the model that is documented for
    its status, an error's too, or None.
    """
    return _build_response(
        await client.get_async_httpx_client().request(
            **_get_kwargs(
                story_id=story_id,
                body=body,
            )
        )
    )
