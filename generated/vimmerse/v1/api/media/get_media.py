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
from ...models.media_detail_envelope import MediaDetailEnvelope
from ...types import UNSET, Response, Unset, path_segment

_DEPRECATED = "GET /media/{media_id} (vimmerse.v1.api.media.get_media) is deprecated; use vimmerse.v2.api.media.get_media (GET /v2/media/{media_id})"


def _get_kwargs(
    media_id: str,
    *,
    fields: list[str] | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_fields: list[str] | Unset = UNSET
    if not isinstance(fields, Unset):
        json_fields = fields

    params["fields"] = json_fields

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    if isinstance(fields, str):
        raise TypeError("fields must be a list, not text")
    if params.get("fields"):
        params["fields"] = ",".join(map(str, params["fields"]))
    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/media/{media_id}".format(
            media_id=path_segment("media_id", media_id),
        ),
        "params": params,
    }

    return _kwargs


def _parse_success(response: httpx.Response) -> MediaDetailEnvelope:
    if response.status_code == 200:
        response_200 = MediaDetailEnvelope.from_dict(errors.json_object(response))

        return response_200

    raise errors.from_response(response, _parse_error(response))


def _parse_error(response: httpx.Response) -> Error | HTTPValidationError | None:
    if 200 <= response.status_code < 300:
        return None
    try:
        if response.status_code in (401, 403, 404):
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


def _result(response: httpx.Response) -> MediaDetailEnvelope:
    try:
        return _parse_success(response)
    except errors.UNREADABLE as error:
        raise errors.from_response(response) from error


def _build_response(
    response: httpx.Response,
) -> Response[Error | HTTPValidationError | MediaDetailEnvelope]:
    parsed: Error | HTTPValidationError | MediaDetailEnvelope | None
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
    fields: list[str] | Unset = UNSET,
) -> MediaDetailEnvelope:
    """Get a media

    The media as it is now. The page shows it wrapped twice, live answers wrap it once; a reader
    should take either. Replaced by GET /v2/media/{media_id}, which has no wrapper at all and
    gives `result` as a list of URLs.

    Each call gives a DeprecationWarning: GET /media/{media_id}
    (vimmerse.v1.api.media.get_media) is deprecated; use vimmerse.v2.api.media.get_media (GET
    /v2/media/{media_id}).

    Args:
        media_id (str):
        fields (list[str] | Unset):

    Raises:
        errors.ApiError: the server answered with anything but a documented success.
        httpx.TransportError: there was no answer, a timeout included.
        ValueError: an id is no id; nothing was sent.

    Returns:
        MediaDetailEnvelope
    """
    warnings.warn(_DEPRECATED, DeprecationWarning, stacklevel=2)
    return _result(
        client.get_httpx_client().request(
            **_get_kwargs(
                media_id=media_id,
                fields=fields,
            )
        )
    )


def sync_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
    fields: list[str] | Unset = UNSET,
) -> Response[Error | HTTPValidationError | MediaDetailEnvelope]:
    """As :func:`sync`, but gives the whole answer and raises no ApiError: ``parsed`` is the model that is documented for
    its status, an error's too, or None.
    """
    warnings.warn(_DEPRECATED, DeprecationWarning, stacklevel=2)
    return _build_response(
        client.get_httpx_client().request(
            **_get_kwargs(
                media_id=media_id,
                fields=fields,
            )
        )
    )


def asyncio(
    media_id: str,
    *,
    client: AuthenticatedClient,
    fields: list[str] | Unset = UNSET,
) -> Coroutine[Any, Any, MediaDetailEnvelope]:
    """Get a media

    The media as it is now. The page shows it wrapped twice, live answers wrap it once; a reader
    should take either. Replaced by GET /v2/media/{media_id}, which has no wrapper at all and
    gives `result` as a list of URLs.

    Each call gives a DeprecationWarning: GET /media/{media_id}
    (vimmerse.v1.api.media.get_media) is deprecated; use vimmerse.v2.api.media.get_media (GET
    /v2/media/{media_id}).

    Args:
        media_id (str):
        fields (list[str] | Unset):

    Raises:
        errors.ApiError: the server answered with anything but a documented success.
        httpx.TransportError: there was no answer, a timeout included.
        ValueError: an id is no id; nothing was sent.

    Returns:
        MediaDetailEnvelope
    """
    # Not in the coroutine: a task runs that from the event loop, where the caller's line can't be told any more.
    warnings.warn(_DEPRECATED, DeprecationWarning, stacklevel=2)

    async def call() -> MediaDetailEnvelope:
        return _result(
            await client.get_async_httpx_client().request(
                **_get_kwargs(
                    media_id=media_id,
                    fields=fields,
                )
            )
        )

    return call()


def asyncio_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
    fields: list[str] | Unset = UNSET,
) -> Coroutine[Any, Any, Response[Error | HTTPValidationError | MediaDetailEnvelope]]:
    """As :func:`asyncio`, but gives the whole answer and raises no ApiError: ``parsed`` is the model that is documented for
    its status, an error's too, or None.
    """
    # Not in the coroutine: a task runs that from the event loop, where the caller's line can't be told any more.
    warnings.warn(_DEPRECATED, DeprecationWarning, stacklevel=2)

    async def call() -> Response[Error | HTTPValidationError | MediaDetailEnvelope]:
        return _build_response(
            await client.get_async_httpx_client().request(
                **_get_kwargs(
                    media_id=media_id,
                    fields=fields,
                )
            )
        )

    return call()
