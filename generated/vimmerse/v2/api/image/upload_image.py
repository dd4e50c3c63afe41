# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient
from ...models.asset import Asset
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.upload_image_request import UploadImageRequest
from ...types import Response


def _get_kwargs(
    *,
    body: UploadImageRequest,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v2/image",
    }

    if isinstance(body, UploadImageRequest):
        _kwargs["files"] = body.to_multipart()

    else:
        raise TypeError(
            f"body must be UploadImageRequest, not {type(body).__module__}.{type(body).__name__}"
        )

    return _kwargs


def _parse_success(response: httpx.Response) -> Asset:
    if response.status_code == 200:
        response_200 = Asset.from_dict(errors.json_object(response))

        return response_200

    raise errors.from_response(response, _parse_error(response))


def _parse_error(response: httpx.Response) -> Error | HTTPValidationError | None:
    if 200 <= response.status_code < 300:
        return None
    try:
        if response.status_code in (400, 401, 403):
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


def _result(response: httpx.Response) -> Asset:
    try:
        return _parse_success(response)
    except errors.UNREADABLE as error:
        raise errors.from_response(response) from error


def _build_response(response: httpx.Response) -> Response[Asset | Error | HTTPValidationError]:
    parsed: Asset | Error | HTTPValidationError | None
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
    body: UploadImageRequest,
) -> Asset:
    """Upload an image

    Stores one image. The first of `results` is its address, for `image_urls`, `image_url` and
    `media_items`.
    No price is published for it.

    Args:
        body (UploadImageRequest): A form with one file.

    Raises:
        errors.ApiError: the server answered with anything but a documented success.
        httpx.TransportError: there was no answer, a timeout included.

    Returns:
        Asset
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
    body: UploadImageRequest,
) -> Response[Asset | Error | HTTPValidationError]:
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
    body: UploadImageRequest,
) -> Asset:
    """Upload an image

    Stores one image. The first of `results` is its address, for `image_urls`, `image_url` and
    `media_items`.
    No price is published for it.

    Args:
        body (UploadImageRequest): A form with one file.

    Raises:
        errors.ApiError: the server answered with anything but a documented success.
        httpx.TransportError: there was no answer, a timeout included.

    Returns:
        Asset
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
    body: UploadImageRequest,
) -> Response[Asset | Error | HTTPValidationError]:
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
