# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any, Unpack

from vimmerse._http.operations import ApiOperation, request_body

from ...client import AuthenticatedClient
from ...models.asset import Asset
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.upload_image_request import UploadImageRequest
from ...types import RequestOptions, Response

_OPERATION: ApiOperation[Asset, Error | HTTPValidationError] = ApiOperation(
    "POST",
    "/v2/image",
    {
        "200": Asset,
    },
    {
        "400": Error,
        "401": Error,
        "403": Error,
        "422": HTTPValidationError,
        "4XX": Error,
        "5XX": Error,
    },
)


def _get_kwargs(
    *,
    body: UploadImageRequest,
) -> dict[str, Any]:
    return {
        **request_body(
            body,
            {
                UploadImageRequest: "files",
            },
        ),
    }


def sync(
    *,
    client: AuthenticatedClient,
    body: UploadImageRequest,
    **options: Unpack[RequestOptions],
) -> Asset:
    """Upload an image

    Stores one image. The first of `results` is its URL, for `image_urls`, `image_url` and
    `media_items`. Its price is not published.

    Args:
        body (UploadImageRequest): A form with one file.
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.

    Returns:
        Asset
    """
    return _OPERATION.sync(
        client,
        _get_kwargs(
            body=body,
        ),
        **options,
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: UploadImageRequest,
    **options: Unpack[RequestOptions],
) -> Response[Asset | Error | HTTPValidationError | None]:
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


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: UploadImageRequest,
    **options: Unpack[RequestOptions],
) -> Asset:
    """Upload an image

    Stores one image. The first of `results` is its URL, for `image_urls`, `image_url` and
    `media_items`. Its price is not published.

    Args:
        body (UploadImageRequest): A form with one file.
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.

    Returns:
        Asset
    """
    return await _OPERATION.asyncio(
        client,
        _get_kwargs(
            body=body,
        ),
        **options,
    )


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: UploadImageRequest,
    **options: Unpack[RequestOptions],
) -> Response[Asset | Error | HTTPValidationError | None]:
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
