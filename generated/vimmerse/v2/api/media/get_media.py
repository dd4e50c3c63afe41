# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.media import Media
from ...models.media_field import MediaField
from ...types import UNSET, Response, Unset, path_segment


def _get_kwargs(
    media_id: str,
    *,
    fields: list[MediaField | str] | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_fields: list[str] | Unset = UNSET
    if not isinstance(fields, Unset):
        json_fields = []
        for fields_item_data in fields:
            fields_item: str
            if isinstance(fields_item_data, str):
                fields_item = fields_item_data
            else:
                fields_item = fields_item_data
            json_fields.append(fields_item)

    params["fields"] = json_fields

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    if isinstance(fields, str):
        raise TypeError("fields must be a list, not text")
    if params.get("fields"):
        params["fields"] = ",".join(map(str, params["fields"]))
    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v2/media/{media_id}".format(
            media_id=path_segment("media_id", media_id),
        ),
        "params": params,
    }

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
    fields: list[MediaField | str] | Unset = UNSET,
) -> Media:
    """Read a media

    Free. The answer has all fields, or those named in `fields`. No 400 is documented for this
    call.

    Args:
        media_id (str):
        fields (list[MediaField | str] | Unset):

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
                fields=fields,
            )
        )
    )


def sync_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
    fields: list[MediaField | str] | Unset = UNSET,
) -> Response[Error | HTTPValidationError | Media]:
    """As :func:`sync`, but gives the whole answer and raises no ApiError: ``parsed`` is the model that is documented for
    its status, an error's too, or None.
    """
    return _build_response(
        client.get_httpx_client().request(
            **_get_kwargs(
                media_id=media_id,
                fields=fields,
            )
        )
    )


async def asyncio(
    media_id: str,
    *,
    client: AuthenticatedClient,
    fields: list[MediaField | str] | Unset = UNSET,
) -> Media:
    """Read a media

    Free. The answer has all fields, or those named in `fields`. No 400 is documented for this
    call.

    Args:
        media_id (str):
        fields (list[MediaField | str] | Unset):

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
                fields=fields,
            )
        )
    )


async def asyncio_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
    fields: list[MediaField | str] | Unset = UNSET,
) -> Response[Error | HTTPValidationError | Media]:
    """As :func:`asyncio`, but gives the whole answer and raises no ApiError: ``parsed`` is the model that is documented for
    its status, an error's too, or None.
    """
    return _build_response(
        await client.get_async_httpx_client().request(
            **_get_kwargs(
                media_id=media_id,
                fields=fields,
            )
        )
    )
