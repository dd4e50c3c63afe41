# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any, Unpack

from vimmerse._http.deprecations import deprecated
from vimmerse._http.operations import ApiOperation, request_body

from ...client import AuthenticatedClient
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.media_envelope import MediaEnvelope
from ...models.upload_media_multipart import UploadMediaMultipart
from ...types import RequestOptions, Response

_OPERATION: ApiOperation[MediaEnvelope, Error | HTTPValidationError] = ApiOperation(
    "POST",
    "/media/upload",
    {
        "200": MediaEnvelope,
    },
    {
        "400": Error,
        "401": Error,
        "402": Error,
        "403": Error,
        "422": HTTPValidationError,
        "4XX": Error,
        "5XX": Error,
    },
)


def _get_kwargs(
    *,
    body: UploadMediaMultipart,
) -> dict[str, Any]:
    return {
        **request_body(
            body,
            {
                UploadMediaMultipart: "files",
            },
        ),
    }


@deprecated(
    "POST /media/upload (vimmerse.v1.api.media.upload_media) is deprecated; use vimmerse.v2.api.media.create_media (POST /v2/media)"
)
def sync(
    *,
    client: AuthenticatedClient,
    body: UploadMediaMultipart,
    **options: Unpack[RequestOptions],
) -> MediaEnvelope:
    """Make videos from uploaded images, with pose presets

    Images as files, everything else as the JSON text of one object. A list of pose presets
    gives one media with several motions. Paid. Replaced by POST /v2/media, with the files
    uploaded first through POST /v2/image; v2 has one motion a media, so a list takes one call
    for each.

    Each call gives a DeprecationWarning: POST /media/upload
    (vimmerse.v1.api.media.upload_media) is deprecated; use vimmerse.v2.api.media.create_media
    (POST /v2/media).

    Args:
        body (UploadMediaMultipart): Images and the field `data`.
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.

    Returns:
        MediaEnvelope
    """
    return _OPERATION.sync(
        client,
        _get_kwargs(
            body=body,
        ),
        **options,
    )


@deprecated(
    "POST /media/upload (vimmerse.v1.api.media.upload_media) is deprecated; use vimmerse.v2.api.media.create_media (POST /v2/media)"
)
def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: UploadMediaMultipart,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | MediaEnvelope | None]:
    """Like :func:`sync`, but return the complete response and raise no ApiError.

    Its ``parsed`` is the model that is documented for the status, also for an error, or None.
    """
    return _OPERATION.sync_detailed(
        client,
        _get_kwargs(
            body=body,
        ),
        **options,
    )


@deprecated(
    "POST /media/upload (vimmerse.v1.api.media.upload_media) is deprecated; use vimmerse.v2.api.media.create_media (POST /v2/media)"
)
async def asyncio(
    *,
    client: AuthenticatedClient,
    body: UploadMediaMultipart,
    **options: Unpack[RequestOptions],
) -> MediaEnvelope:
    """Make videos from uploaded images, with pose presets

    Images as files, everything else as the JSON text of one object. A list of pose presets
    gives one media with several motions. Paid. Replaced by POST /v2/media, with the files
    uploaded first through POST /v2/image; v2 has one motion a media, so a list takes one call
    for each.

    Each call gives a DeprecationWarning: POST /media/upload
    (vimmerse.v1.api.media.upload_media) is deprecated; use vimmerse.v2.api.media.create_media
    (POST /v2/media).

    Args:
        body (UploadMediaMultipart): Images and the field `data`.
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.

    Returns:
        MediaEnvelope
    """
    return await _OPERATION.asyncio(
        client,
        _get_kwargs(
            body=body,
        ),
        **options,
    )


@deprecated(
    "POST /media/upload (vimmerse.v1.api.media.upload_media) is deprecated; use vimmerse.v2.api.media.create_media (POST /v2/media)"
)
async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: UploadMediaMultipart,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | MediaEnvelope | None]:
    """Like :func:`asyncio`, but return the complete response and raise no ApiError.

    Its ``parsed`` is the model that is documented for the status, also for an error, or None.
    """
    return await _OPERATION.asyncio_detailed(
        client,
        _get_kwargs(
            body=body,
        ),
        **options,
    )
