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
from ...models.media_envelope import MediaEnvelope
from ...types import Response, path_segment

_DEPRECATED = "POST /media/{media_id}/process (vimmerse.v1.api.media.process_media) is deprecated; use vimmerse.v2.api.media.update_media (PUT /v2/media/{media_id})"


def _get_kwargs(
    media_id: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/media/{media_id}/process".format(
            media_id=path_segment("media_id", media_id),
        ),
    }

    return _kwargs


def _parse_success(response: httpx.Response) -> MediaEnvelope:
    if response.status_code == 200:
        response_200 = MediaEnvelope.from_dict(errors.json_object(response))

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


def _result(response: httpx.Response) -> MediaEnvelope:
    try:
        return _parse_success(response)
    except errors.UNREADABLE as error:
        raise errors.from_response(response) from error


def _build_response(
    response: httpx.Response,
) -> Response[Error | HTTPValidationError | MediaEnvelope]:
    parsed: Error | HTTPValidationError | MediaEnvelope | None
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
    media_id: str,
    *,
    client: AuthenticatedClient,
) -> MediaEnvelope:
    """Make a media's videos again

    Runs the generation once more, with the media's own settings. Paid. No body. Replaced by PUT
    /v2/media/{media_id} with the media's own prompt, tool, duration, quantity and loop.

    Each call gives a DeprecationWarning: POST /media/{media_id}/process
    (vimmerse.v1.api.media.process_media) is deprecated; use vimmerse.v2.api.media.update_media
    (PUT /v2/media/{media_id}).

    Args:
        media_id (str):

    Raises:
        errors.ApiError: the server answered with anything but a documented success.
        httpx.TransportError: there was no answer, a timeout included.
        ValueError: an id is no id; nothing was sent.

    Returns:
        MediaEnvelope
    """
    warnings.warn(_DEPRECATED, DeprecationWarning, stacklevel=2)
    return _result(
        client.get_httpx_client().request(
            **_get_kwargs(
                media_id=media_id,
            )
        )
    )


def sync_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
) -> Response[Error | HTTPValidationError | MediaEnvelope]:
    """As :func:`sync`, but gives the whole answer and raises no ApiError: ``parsed`` is the model that is documented for
    its status, an error's too, or None.
    """
    warnings.warn(_DEPRECATED, DeprecationWarning, stacklevel=2)
    return _build_response(
        client.get_httpx_client().request(
            **_get_kwargs(
                media_id=media_id,
            )
        )
    )


def asyncio(
    media_id: str,
    *,
    client: AuthenticatedClient,
) -> Coroutine[Any, Any, MediaEnvelope]:
    """Make a media's videos again

    Runs the generation once more, with the media's own settings. Paid. No body. Replaced by PUT
    /v2/media/{media_id} with the media's own prompt, tool, duration, quantity and loop.

    Each call gives a DeprecationWarning: POST /media/{media_id}/process
    (vimmerse.v1.api.media.process_media) is deprecated; use vimmerse.v2.api.media.update_media
    (PUT /v2/media/{media_id}).

    Args:
        media_id (str):

    Raises:
        errors.ApiError: the server answered with anything but a documented success.
        httpx.TransportError: there was no answer, a timeout included.
        ValueError: an id is no id; nothing was sent.

    Returns:
        MediaEnvelope
    """
    # Not in the coroutine: a task runs that from the event loop, where the caller's line can't be told any more.
    warnings.warn(_DEPRECATED, DeprecationWarning, stacklevel=2)

    async def call() -> MediaEnvelope:
        return _result(
            await client.get_async_httpx_client().request(
                **_get_kwargs(
                    media_id=media_id,
                )
            )
        )

    return call()


def asyncio_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
) -> Coroutine[Any, Any, Response[Error | HTTPValidationError | MediaEnvelope]]:
    """As :func:`asyncio`, but gives the whole answer and raises no ApiError: ``parsed`` is the model that is documented for
    its status, an error's too, or None.
    """
    # Not in the coroutine: a task runs that from the event loop, where the caller's line can't be told any more.
    warnings.warn(_DEPRECATED, DeprecationWarning, stacklevel=2)

    async def call() -> Response[Error | HTTPValidationError | MediaEnvelope]:
        return _build_response(
            await client.get_async_httpx_client().request(
                **_get_kwargs(
                    media_id=media_id,
                )
            )
        )

    return call()
