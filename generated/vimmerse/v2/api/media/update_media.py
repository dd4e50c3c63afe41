# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.media import Media
from ...models.update_media_request import UpdateMediaRequest
from ...types import Response, path_segment


def _get_kwargs(
    media_id: str,
    *,
    body: UpdateMediaRequest,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/v2/media/{media_id}".format(
            media_id=path_segment("media_id", media_id),
        ),
    }

    if isinstance(body, UpdateMediaRequest):
        _kwargs["json"] = body.to_dict()

    else:
        raise TypeError(
            f"body must be UpdateMediaRequest, not {type(body).__module__}.{type(body).__name__}"
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
    media_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateMediaRequest,
) -> Media:
    """Edit a media, or generate it anew

    Free with nothing but `title`, `description`, `visibility_status`, `rating` and
    `webhook_url`, and with an
    empty object, which changes nothing. Any other field starts a new, paid generation. The page
    names no verb
    for this call: PUT is inferred.

    Args:
        media_id (str):
        body (UpdateMediaRequest): The body of the media update. What is left out stays as it
            is; null is accepted everywhere and its effect is
            not documented. Free: title, description, visibility_status, rating, webhook_url.
            Everything else is paid.

    Raises:
        errors.ApiError: the server answered with anything but a documented success.
        httpx.TransportError: there was no answer, a timeout included.
        ValueError: an id is no id; nothing was sent.

    Returns:
        Media
    """
    return _result(
        client.get_httpx_client().request(
            **_get_kwargs(
                media_id=media_id,
                body=body,
            )
        )
    )


def sync_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateMediaRequest,
) -> Response[Error | HTTPValidationError | Media]:
    """As :func:`sync`, but gives the whole answer and raises no ApiError: ``parsed`` is the model that is documented for
    its status, an error's too, or None.
    """
    return _build_response(
        client.get_httpx_client().request(
            **_get_kwargs(
                media_id=media_id,
                body=body,
            )
        )
    )


async def asyncio(
    media_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateMediaRequest,
) -> Media:
    """Edit a media, or generate it anew

    Free with nothing but `title`, `description`, `visibility_status`, `rating` and
    `webhook_url`, and with an
    empty object, which changes nothing. Any other field starts a new, paid generation. The page
    names no verb
    for this call: PUT is inferred.

    Args:
        media_id (str):
        body (UpdateMediaRequest): The body of the media update. What is left out stays as it
            is; null is accepted everywhere and its effect is
            not documented. Free: title, description, visibility_status, rating, webhook_url.
            Everything else is paid.

    Raises:
        errors.ApiError: the server answered with anything but a documented success.
        httpx.TransportError: there was no answer, a timeout included.
        ValueError: an id is no id; nothing was sent.

    Returns:
        Media
    """
    return _result(
        await client.get_async_httpx_client().request(
            **_get_kwargs(
                media_id=media_id,
                body=body,
            )
        )
    )


async def asyncio_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateMediaRequest,
) -> Response[Error | HTTPValidationError | Media]:
    """As :func:`asyncio`, but gives the whole answer and raises no ApiError: ``parsed`` is the model that is documented for
    its status, an error's too, or None.
    """
    return _build_response(
        await client.get_async_httpx_client().request(
            **_get_kwargs(
                media_id=media_id,
                body=body,
            )
        )
    )
