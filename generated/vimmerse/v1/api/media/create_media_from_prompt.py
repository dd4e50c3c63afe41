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
from ...models.media_prompt_json import MediaPromptJson
from ...types import Response

_DEPRECATED = "POST /media/prompt (vimmerse.v1.api.media.create_media_from_prompt) is deprecated; use vimmerse.v2.api.media.create_media (POST /v2/media)"


def _get_kwargs(
    *,
    body: MediaPromptJson,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/media/prompt",
    }

    if isinstance(body, MediaPromptJson):
        _kwargs["json"] = body.to_dict()

    else:
        raise TypeError(
            f"body must be MediaPromptJson, not {type(body).__module__}.{type(body).__name__}"
        )

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
    *,
    client: AuthenticatedClient,
    body: MediaPromptJson,
) -> MediaEnvelope:
    """Make videos from a prompt, with pose presets

    As by upload, without images; the prompt stands in the pose preset. Paid. Replaced by POST
    /v2/media, which answers without the wrapper; v2 has one motion a media, so a list takes one
    call for each.

    Each call gives a DeprecationWarning: POST /media/prompt
    (vimmerse.v1.api.media.create_media_from_prompt) is deprecated; use
    vimmerse.v2.api.media.create_media (POST /v2/media).

    Args:
        body (MediaPromptJson): A video from a prompt. Every field is optional and may be null.

    Raises:
        errors.ApiError: the server answered with anything but a documented success.
        httpx.TransportError: there was no answer, a timeout included.

    Returns:
        MediaEnvelope
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
    body: MediaPromptJson,
) -> Response[Error | HTTPValidationError | MediaEnvelope]:
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
    body: MediaPromptJson,
) -> Coroutine[Any, Any, MediaEnvelope]:
    """Make videos from a prompt, with pose presets

    As by upload, without images; the prompt stands in the pose preset. Paid. Replaced by POST
    /v2/media, which answers without the wrapper; v2 has one motion a media, so a list takes one
    call for each.

    Each call gives a DeprecationWarning: POST /media/prompt
    (vimmerse.v1.api.media.create_media_from_prompt) is deprecated; use
    vimmerse.v2.api.media.create_media (POST /v2/media).

    Args:
        body (MediaPromptJson): A video from a prompt. Every field is optional and may be null.

    Raises:
        errors.ApiError: the server answered with anything but a documented success.
        httpx.TransportError: there was no answer, a timeout included.

    Returns:
        MediaEnvelope
    """
    # Not in the coroutine: a task runs that from the event loop, where the caller's line can't be told any more.
    warnings.warn(_DEPRECATED, DeprecationWarning, stacklevel=2)

    async def call() -> MediaEnvelope:
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
    body: MediaPromptJson,
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
                    body=body,
                )
            )
        )

    return call()
