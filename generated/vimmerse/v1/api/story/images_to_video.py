# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Any, Unpack

from vimmerse._http.deprecations import deprecated
from vimmerse._http.operations import ApiOperation, request_body

from ...client import AuthenticatedClient
from ...models.error import Error
from ...models.http_validation_error import HTTPValidationError
from ...models.images_to_video_form import ImagesToVideoForm
from ...models.images_to_video_json import ImagesToVideoJson
from ...models.story_envelope import StoryEnvelope
from ...types import RequestOptions, Response

_OPERATION: ApiOperation[StoryEnvelope, Error | HTTPValidationError] = ApiOperation(
    "POST",
    "/story/images-2-video",
    {
        "200": StoryEnvelope,
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
    body: ImagesToVideoForm | ImagesToVideoJson,
) -> dict[str, Any]:
    return {
        **request_body(
            body,
            {
                ImagesToVideoForm: "data",
                ImagesToVideoJson: "json",
            },
        ),
    }


@deprecated(
    "POST /story/images-2-video (vimmerse.v1.api.story.images_to_video) is deprecated; use vimmerse.v2.api.story.images_to_video (POST /v2/story/images-2-video)"
)
def sync(
    *,
    client: AuthenticatedClient,
    body: ImagesToVideoForm | ImagesToVideoJson,
    **options: Unpack[RequestOptions],
) -> StoryEnvelope:
    """Make a video from an idea and images

    Animates one scene for each image URL and joins them. Paid. Revised v1. Replaced by POST
    /v2/story/images-2-video, which takes JSON and returns no wrapper.

    Each call gives a DeprecationWarning: POST /story/images-2-video
    (vimmerse.v1.api.story.images_to_video) is deprecated; use
    vimmerse.v2.api.story.images_to_video (POST /v2/story/images-2-video).

    Args:
        body (ImagesToVideoForm): A video from an idea and images, as a form. Objects are JSON
            text.
        body (ImagesToVideoJson): A video from an idea and images, as JSON. Objects are JSON
            objects.
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.

    Returns:
        StoryEnvelope
    """
    return _OPERATION.sync(
        client,
        _get_kwargs(
            body=body,
        ),
        **options,
    )


@deprecated(
    "POST /story/images-2-video (vimmerse.v1.api.story.images_to_video) is deprecated; use vimmerse.v2.api.story.images_to_video (POST /v2/story/images-2-video)"
)
def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: ImagesToVideoForm | ImagesToVideoJson,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | StoryEnvelope | None]:
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
    "POST /story/images-2-video (vimmerse.v1.api.story.images_to_video) is deprecated; use vimmerse.v2.api.story.images_to_video (POST /v2/story/images-2-video)"
)
async def asyncio(
    *,
    client: AuthenticatedClient,
    body: ImagesToVideoForm | ImagesToVideoJson,
    **options: Unpack[RequestOptions],
) -> StoryEnvelope:
    """Make a video from an idea and images

    Animates one scene for each image URL and joins them. Paid. Revised v1. Replaced by POST
    /v2/story/images-2-video, which takes JSON and returns no wrapper.

    Each call gives a DeprecationWarning: POST /story/images-2-video
    (vimmerse.v1.api.story.images_to_video) is deprecated; use
    vimmerse.v2.api.story.images_to_video (POST /v2/story/images-2-video).

    Args:
        body (ImagesToVideoForm): A video from an idea and images, as a form. Objects are JSON
            text.
        body (ImagesToVideoJson): A video from an idea and images, as JSON. Objects are JSON
            objects.
        options: ``timeout``, ``max_retries``, ``retry_refused``, ``extra_headers``, ``extra_body``: see
            :class:`RequestOptions`.

    Raises:
        errors.ApiError: the response is not a documented success.
        httpx.TransportError: there was no response, for example because of a timeout.

    Returns:
        StoryEnvelope
    """
    return await _OPERATION.asyncio(
        client,
        _get_kwargs(
            body=body,
        ),
        **options,
    )


@deprecated(
    "POST /story/images-2-video (vimmerse.v1.api.story.images_to_video) is deprecated; use vimmerse.v2.api.story.images_to_video (POST /v2/story/images-2-video)"
)
async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: ImagesToVideoForm | ImagesToVideoJson,
    **options: Unpack[RequestOptions],
) -> Response[Error | HTTPValidationError | StoryEnvelope | None]:
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
