# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient
from ...models.create_media_request import CreateMediaRequest
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.media import Media
from ...types import Response


def _get_kwargs(
    *,
    body: CreateMediaRequest,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v2/media",
    }

    if isinstance(body, CreateMediaRequest):
        _kwargs["json"] = body.to_dict()

    else:
        raise TypeError(
            f"body must be CreateMediaRequest, not {type(body).__module__}.{type(body).__name__}"
        )

    return _kwargs


def _parse_success(response: httpx.Response) -> Media:
    if response.status_code == 200:
        response_200 = Media.from_dict(errors.json_object(response))

        return response_200

    raise errors.from_response(response, _parse_error(response))


def _parse_error(response: httpx.Response) -> Error | HTTPValidationError | None:
    if 200 <= response.status_code < 300:
        return None
    try:
        if response.status_code in (401, 402, 403, 404):
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


def _result(response: httpx.Response) -> Media:
    try:
        return _parse_success(response)
    except errors.UNREADABLE as error:
        raise errors.from_response(response) from error


def _build_response(response: httpx.Response) -> Response[Error | HTTPValidationError | Media]:
    parsed: Error | HTTPValidationError | Media | None
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
    body: CreateMediaRequest,
) -> Media:
    """Create a media

    Validates the request, checks the credits, creates the record, queues the generation and
    answers at once.
    Give a `prompt`, `media_items`, or both; that neither is a validation error is inferred.
    Paid; that a media
    costs what a scene of its length costs is inferred. Poll `GET /v2/media/{media_id}` until
    the processing
    status is `success`.

    Args:
        body (CreateMediaRequest): The body of the media creation. Give a prompt, media items,
            or both.

    Raises:
        errors.ApiError: the server answered with anything but a documented success.
        httpx.TransportError: there was no answer, a timeout included.

    Returns:
        Media
    """
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
    body: CreateMediaRequest,
) -> Response[Error | HTTPValidationError | Media]:
    """As :func:`sync`, but gives the whole answer and raises no ApiError: ``parsed`` is the model that is documented for
    its status, an error's too, or None.
    """
    return _build_response(
        client.get_httpx_client().request(
            **_get_kwargs(
                body=body,
            )
        )
    )


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: CreateMediaRequest,
) -> Media:
    """Create a media

    Validates the request, checks the credits, creates the record, queues the generation and
    answers at once.
    Give a `prompt`, `media_items`, or both; that neither is a validation error is inferred.
    Paid; that a media
    costs what a scene of its length costs is inferred. Poll `GET /v2/media/{media_id}` until
    the processing
    status is `success`.

    Args:
        body (CreateMediaRequest): The body of the media creation. Give a prompt, media items,
            or both.

    Raises:
        errors.ApiError: the server answered with anything but a documented success.
        httpx.TransportError: there was no answer, a timeout included.

    Returns:
        Media
    """
    return _result(
        await client.get_async_httpx_client().request(
            **_get_kwargs(
                body=body,
            )
        )
    )


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: CreateMediaRequest,
) -> Response[Error | HTTPValidationError | Media]:
    """As :func:`asyncio`, but gives the whole answer and raises no ApiError: ``parsed`` is the model that is documented for
    its status, an error's too, or None.
    """
    return _build_response(
        await client.get_async_httpx_client().request(
            **_get_kwargs(
                body=body,
            )
        )
    )
