# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

import warnings
from collections.abc import Coroutine
from io import BytesIO
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.object_type import ObjectType
from ...types import UNSET, File, Response, Unset, path_segment

_DEPRECATED = "GET /media/{media_id}/download (vimmerse.v1.api.media.download_media) is deprecated; use vimmerse.v2.api.media.get_media (GET /v2/media/{media_id})"


def _get_kwargs(
    media_id: str,
    *,
    object_type: ObjectType | str | Unset = UNSET,
    motion_type: str | Unset = UNSET,
    width: int | Unset = UNSET,
    file_size: float | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_object_type: str | Unset
    if isinstance(object_type, Unset):
        json_object_type = UNSET
    elif isinstance(object_type, str):
        json_object_type = object_type
    else:
        json_object_type = object_type
    params["object_type"] = json_object_type

    params["motion_type"] = motion_type

    params["width"] = width

    params["file_size"] = file_size

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/media/{media_id}/download".format(
            media_id=path_segment("media_id", media_id),
        ),
        "params": params,
    }

    return _kwargs


def _parse_success(response: httpx.Response) -> File:
    if response.status_code == 200:
        response_200 = File(payload=BytesIO(errors.file_content(response)))

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


def _result(response: httpx.Response) -> File:
    try:
        return _parse_success(response)
    except errors.UNREADABLE as error:
        raise errors.from_response(response) from error


def _build_response(response: httpx.Response) -> Response[Error | File | HTTPValidationError]:
    parsed: Error | File | HTTPValidationError | None
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
    object_type: ObjectType | str | Unset = UNSET,
    motion_type: str | Unset = UNSET,
    width: int | Unset = UNSET,
    file_size: float | Unset = UNSET,
) -> File:
    """Download a file of a media

    The bytes of a video, GIF or source file. Replaced by GET /v2/media/{media_id}, whose
    `result` lists the URLs of the files; fetch those, without the key. That the media may be
    unknown (404) is inferred.

    Each call gives a DeprecationWarning: GET /media/{media_id}/download
    (vimmerse.v1.api.media.download_media) is deprecated; use vimmerse.v2.api.media.get_media
    (GET /v2/media/{media_id}).

    Args:
        media_id (str):
        object_type (ObjectType | str | Unset):
        motion_type (str | Unset):
        width (int | Unset):
        file_size (float | Unset):

    Raises:
        errors.ApiError: the server answered with anything but a documented success.
        httpx.TransportError: there was no answer, a timeout included.
        ValueError: an id is no id; nothing was sent.

    Returns:
        File
    """
    warnings.warn(_DEPRECATED, DeprecationWarning, stacklevel=2)
    return _result(
        client.get_httpx_client().request(
            **_get_kwargs(
                media_id=media_id,
                object_type=object_type,
                motion_type=motion_type,
                width=width,
                file_size=file_size,
            )
        )
    )


def sync_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
    object_type: ObjectType | str | Unset = UNSET,
    motion_type: str | Unset = UNSET,
    width: int | Unset = UNSET,
    file_size: float | Unset = UNSET,
) -> Response[Error | File | HTTPValidationError]:
    """As :func:`sync`, but gives the whole answer and raises no ApiError: ``parsed`` is the model that is documented for
    its status, an error's too, or None.
    """
    warnings.warn(_DEPRECATED, DeprecationWarning, stacklevel=2)
    return _build_response(
        client.get_httpx_client().request(
            **_get_kwargs(
                media_id=media_id,
                object_type=object_type,
                motion_type=motion_type,
                width=width,
                file_size=file_size,
            )
        )
    )


def asyncio(
    media_id: str,
    *,
    client: AuthenticatedClient,
    object_type: ObjectType | str | Unset = UNSET,
    motion_type: str | Unset = UNSET,
    width: int | Unset = UNSET,
    file_size: float | Unset = UNSET,
) -> Coroutine[Any, Any, File]:
    """Download a file of a media

    The bytes of a video, GIF or source file. Replaced by GET /v2/media/{media_id}, whose
    `result` lists the URLs of the files; fetch those, without the key. That the media may be
    unknown (404) is inferred.

    Each call gives a DeprecationWarning: GET /media/{media_id}/download
    (vimmerse.v1.api.media.download_media) is deprecated; use vimmerse.v2.api.media.get_media
    (GET /v2/media/{media_id}).

    Args:
        media_id (str):
        object_type (ObjectType | str | Unset):
        motion_type (str | Unset):
        width (int | Unset):
        file_size (float | Unset):

    Raises:
        errors.ApiError: the server answered with anything but a documented success.
        httpx.TransportError: there was no answer, a timeout included.
        ValueError: an id is no id; nothing was sent.

    Returns:
        File
    """
    # Not in the coroutine: a task runs that from the event loop, where the caller's line can't be told any more.
    warnings.warn(_DEPRECATED, DeprecationWarning, stacklevel=2)

    async def call() -> File:
        return _result(
            await client.get_async_httpx_client().request(
                **_get_kwargs(
                    media_id=media_id,
                    object_type=object_type,
                    motion_type=motion_type,
                    width=width,
                    file_size=file_size,
                )
            )
        )

    return call()


def asyncio_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
    object_type: ObjectType | str | Unset = UNSET,
    motion_type: str | Unset = UNSET,
    width: int | Unset = UNSET,
    file_size: float | Unset = UNSET,
) -> Coroutine[Any, Any, Response[Error | File | HTTPValidationError]]:
    """As :func:`asyncio`, but gives the whole answer and raises no ApiError: ``parsed`` is the model that is documented for
    its status, an error's too, or None.
    """
    # Not in the coroutine: a task runs that from the event loop, where the caller's line can't be told any more.
    warnings.warn(_DEPRECATED, DeprecationWarning, stacklevel=2)

    async def call() -> Response[Error | File | HTTPValidationError]:
        return _build_response(
            await client.get_async_httpx_client().request(
                **_get_kwargs(
                    media_id=media_id,
                    object_type=object_type,
                    motion_type=motion_type,
                    width=width,
                    file_size=file_size,
                )
            )
        )

    return call()
