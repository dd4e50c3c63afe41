# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any, Unpack

from vimmerse._http.deprecations import deprecated
from vimmerse._http.operations import ApiOperation, query

from ...client import AuthenticatedClient
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.media_detail_envelope import MediaDetailEnvelope
from ...types import RequestOptions, Response

_OPERATION: ApiOperation[MediaDetailEnvelope, Error | HTTPValidationError] = ApiOperation(
    "GET",
    "/media/{media_id}",
    {
        "200": MediaDetailEnvelope,
    },
    {
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
    fields: list[str] | None = None,
) -> dict[str, Any]:
    return {
        "path": {
            "media_id": media_id,
        },
        "params": query(
            {
                "fields": fields,
            },
            comma_separated=["fields"],
        ),
    }


@deprecated(
    "GET /media/{media_id} (vimmerse.v1.api.media.get_media) is deprecated; use vimmerse.v2.api.media.get_media (GET /v2/media/{media_id})"
)
def sync(
    media_id: str,
    *,
    client: AuthenticatedClient,
    fields: list[str] | None = None,
    **options: Unpack[RequestOptions],
) -> MediaDetailEnvelope:
    """Get a media

    The media as it is now. The page shows it wrapped twice, live responses wrap it once; accept
    both. Replaced by GET /v2/media/{media_id}, which has no wrapper at all and gives `result`
    as a list of URLs.

    Each call gives a DeprecationWarning: GET /media/{media_id}
    (vimmerse.v1.api.media.get_media) is deprecated; use vimmerse.v2.api.media.get_media (GET
    /v2/media/{media_id}).

    Args:
        media_id (str):
        fields (list[str] | None):
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.
        ValueError: an id is blank or not a string; nothing was sent.

    Returns:
        MediaDetailEnvelope
    """
    return _OPERATION.sync(
        client,
        _get_kwargs(
            media_id=media_id,
            fields=fields,
        ),
        **options,
    )


@deprecated(
    "GET /media/{media_id} (vimmerse.v1.api.media.get_media) is deprecated; use vimmerse.v2.api.media.get_media (GET /v2/media/{media_id})"
)
def sync_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
    fields: list[str] | None = None,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | MediaDetailEnvelope | None]:
    """Like :func:`sync`, but return the complete response and raise no ApiError.

    Its ``parsed`` is the model that is documented for the status, also for an error, or None.
    """
    return _OPERATION.sync_detailed(
        client,
        _get_kwargs(
            media_id=media_id,
            fields=fields,
        ),
        **options,
    )


@deprecated(
    "GET /media/{media_id} (vimmerse.v1.api.media.get_media) is deprecated; use vimmerse.v2.api.media.get_media (GET /v2/media/{media_id})"
)
async def asyncio(
    media_id: str,
    *,
    client: AuthenticatedClient,
    fields: list[str] | None = None,
    **options: Unpack[RequestOptions],
) -> MediaDetailEnvelope:
    """Get a media

    The media as it is now. The page shows it wrapped twice, live responses wrap it once; accept
    both. Replaced by GET /v2/media/{media_id}, which has no wrapper at all and gives `result`
    as a list of URLs.

    Each call gives a DeprecationWarning: GET /media/{media_id}
    (vimmerse.v1.api.media.get_media) is deprecated; use vimmerse.v2.api.media.get_media (GET
    /v2/media/{media_id}).

    Args:
        media_id (str):
        fields (list[str] | None):
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.
        ValueError: an id is blank or not a string; nothing was sent.

    Returns:
        MediaDetailEnvelope
    """
    return await _OPERATION.asyncio(
        client,
        _get_kwargs(
            media_id=media_id,
            fields=fields,
        ),
        **options,
    )


@deprecated(
    "GET /media/{media_id} (vimmerse.v1.api.media.get_media) is deprecated; use vimmerse.v2.api.media.get_media (GET /v2/media/{media_id})"
)
async def asyncio_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
    fields: list[str] | None = None,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | MediaDetailEnvelope | None]:
    """Like :func:`asyncio`, but return the complete response and raise no ApiError.

    Its ``parsed`` is the model that is documented for the status, also for an error, or None.
    """
    return await _OPERATION.asyncio_detailed(
        client,
        _get_kwargs(
            media_id=media_id,
            fields=fields,
        ),
        **options,
    )
