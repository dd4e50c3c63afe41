# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any, Unpack

from vimmerse._http.deprecations import deprecated
from vimmerse._http.operations import ApiOperation, request_body

from ...client import AuthenticatedClient
from ...models.create_media_form import CreateMediaForm
from ...models.create_media_multipart import CreateMediaMultipart
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.media_envelope import MediaEnvelope
from ...types import RequestOptions, Response

_OPERATION: ApiOperation[MediaEnvelope, Error | HTTPValidationError] = ApiOperation(
    "POST",
    "/media",
    {
        "200": MediaEnvelope,
    },
    {
        "401": Error,
        "402": Error,
        "403": Error,
        "404": Error,
        "422": HTTPValidationError,
        "4XX": Error,
        "5XX": Error,
    },
)


def _get_kwargs(
    *,
    body: CreateMediaForm | CreateMediaMultipart,
) -> dict[str, Any]:
    return {
        **request_body(
            body,
            {
                CreateMediaForm: "data",
                CreateMediaMultipart: "files",
            },
        ),
    }


@deprecated(
    "POST /media (vimmerse.v1.api.media.create_media) is deprecated; use vimmerse.v2.api.media.create_media (POST /v2/media)"
)
def sync(
    *,
    client: AuthenticatedClient,
    body: CreateMediaForm | CreateMediaMultipart,
    **options: Unpack[RequestOptions],
) -> MediaEnvelope:
    """Make a video from files, URLs or a prompt

    One image is the first frame, two are first and last; with none the video is made from the
    prompt alone. Returns the new media at once; poll its processing status. Takes forms, no
    JSON. That a call with neither image nor prompt is a validation error is inferred: the page
    lists no 400. Paid. Replaced by POST /v2/media, which takes JSON and returns no wrapper;
    files are uploaded there first, through POST /v2/image.

    Each call gives a DeprecationWarning: POST /media (vimmerse.v1.api.media.create_media) is
    deprecated; use vimmerse.v2.api.media.create_media (POST /v2/media).

    Args:
        body (CreateMediaForm): A video from URLs or a prompt. Objects are JSON text, and
            booleans True, true, 1, Yes or on.
        body (CreateMediaMultipart): A video from image files.
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
    "POST /media (vimmerse.v1.api.media.create_media) is deprecated; use vimmerse.v2.api.media.create_media (POST /v2/media)"
)
def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: CreateMediaForm | CreateMediaMultipart,
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
    "POST /media (vimmerse.v1.api.media.create_media) is deprecated; use vimmerse.v2.api.media.create_media (POST /v2/media)"
)
async def asyncio(
    *,
    client: AuthenticatedClient,
    body: CreateMediaForm | CreateMediaMultipart,
    **options: Unpack[RequestOptions],
) -> MediaEnvelope:
    """Make a video from files, URLs or a prompt

    One image is the first frame, two are first and last; with none the video is made from the
    prompt alone. Returns the new media at once; poll its processing status. Takes forms, no
    JSON. That a call with neither image nor prompt is a validation error is inferred: the page
    lists no 400. Paid. Replaced by POST /v2/media, which takes JSON and returns no wrapper;
    files are uploaded there first, through POST /v2/image.

    Each call gives a DeprecationWarning: POST /media (vimmerse.v1.api.media.create_media) is
    deprecated; use vimmerse.v2.api.media.create_media (POST /v2/media).

    Args:
        body (CreateMediaForm): A video from URLs or a prompt. Objects are JSON text, and
            booleans True, true, 1, Yes or on.
        body (CreateMediaMultipart): A video from image files.
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
    "POST /media (vimmerse.v1.api.media.create_media) is deprecated; use vimmerse.v2.api.media.create_media (POST /v2/media)"
)
async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: CreateMediaForm | CreateMediaMultipart,
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
