# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any, Unpack

from vimmerse._http.deprecations import deprecated
from vimmerse._http.operations import ApiOperation, query

from ...client import AuthenticatedClient
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.object_type import ObjectType
from ...types import File, RequestOptions, Response

_OPERATION: ApiOperation[File, Error | HTTPValidationError] = ApiOperation(
    "GET",
    "/media/{media_id}/download",
    {
        "200": File,
    },
    {
        "400": Error,
        "401": Error,
        "403": Error,
        "404": Error,
        "422": HTTPValidationError,
        "4XX": Error,
        "5XX": Error,
    },
)


def _get_kwargs(
    media_id: str,
    *,
    object_type: ObjectType | str | None = None,
    motion_type: str | None = None,
    width: int | None = None,
    file_size: float | None = None,
) -> dict[str, Any]:
    return {
        "path": {
            "media_id": media_id,
        },
        "params": query(
            {
                "object_type": object_type,
                "motion_type": motion_type,
                "width": width,
                "file_size": file_size,
            },
        ),
    }


@deprecated(
    "GET /media/{media_id}/download (vimmerse.v1.api.media.download_media) is deprecated; use vimmerse.v2.api.media.get_media (GET /v2/media/{media_id})"
)
def sync(
    media_id: str,
    *,
    client: AuthenticatedClient,
    object_type: ObjectType | str | None = None,
    motion_type: str | None = None,
    width: int | None = None,
    file_size: float | None = None,
    **options: Unpack[RequestOptions],
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
        object_type (ObjectType | str | None):
        motion_type (str | None):
        width (int | None):
        file_size (float | None):
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.
        ValueError: an id is blank or not a string; nothing was sent.

    Returns:
        File
    """
    return _OPERATION.sync(
        client,
        _get_kwargs(
            media_id=media_id,
            object_type=object_type,
            motion_type=motion_type,
            width=width,
            file_size=file_size,
        ),
        **options,
    )


@deprecated(
    "GET /media/{media_id}/download (vimmerse.v1.api.media.download_media) is deprecated; use vimmerse.v2.api.media.get_media (GET /v2/media/{media_id})"
)
def sync_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
    object_type: ObjectType | str | None = None,
    motion_type: str | None = None,
    width: int | None = None,
    file_size: float | None = None,
    **options: Unpack[RequestOptions],
) -> Response[Error | File | HTTPValidationError | None]:
    """Like :func:`sync`, but return the complete response and raise no ApiError.

    Its ``parsed`` is the model that is documented for the status, also for an error, or None.
    """
    return _OPERATION.sync_detailed(
        client,
        _get_kwargs(
            media_id=media_id,
            object_type=object_type,
            motion_type=motion_type,
            width=width,
            file_size=file_size,
        ),
        **options,
    )


@deprecated(
    "GET /media/{media_id}/download (vimmerse.v1.api.media.download_media) is deprecated; use vimmerse.v2.api.media.get_media (GET /v2/media/{media_id})"
)
async def asyncio(
    media_id: str,
    *,
    client: AuthenticatedClient,
    object_type: ObjectType | str | None = None,
    motion_type: str | None = None,
    width: int | None = None,
    file_size: float | None = None,
    **options: Unpack[RequestOptions],
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
        object_type (ObjectType | str | None):
        motion_type (str | None):
        width (int | None):
        file_size (float | None):
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.
        ValueError: an id is blank or not a string; nothing was sent.

    Returns:
        File
    """
    return await _OPERATION.asyncio(
        client,
        _get_kwargs(
            media_id=media_id,
            object_type=object_type,
            motion_type=motion_type,
            width=width,
            file_size=file_size,
        ),
        **options,
    )


@deprecated(
    "GET /media/{media_id}/download (vimmerse.v1.api.media.download_media) is deprecated; use vimmerse.v2.api.media.get_media (GET /v2/media/{media_id})"
)
async def asyncio_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
    object_type: ObjectType | str | None = None,
    motion_type: str | None = None,
    width: int | None = None,
    file_size: float | None = None,
    **options: Unpack[RequestOptions],
) -> Response[Error | File | HTTPValidationError | None]:
    """Like :func:`asyncio`, but return the complete response and raise no ApiError.

    Its ``parsed`` is the model that is documented for the status, also for an error, or None.
    """
    return await _OPERATION.asyncio_detailed(
        client,
        _get_kwargs(
            media_id=media_id,
            object_type=object_type,
            motion_type=motion_type,
            width=width,
            file_size=file_size,
        ),
        **options,
    )
