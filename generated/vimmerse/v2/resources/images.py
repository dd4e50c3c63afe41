# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""``client.images``."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, Unpack

from vimmerse._resources.arguments import open_file
from vimmerse._resources.base import (
    AsyncResource,
    Resource,
    raw,
    raw_async,
    send_raw,
    send_raw_async,
)

from .. import api, models

if TYPE_CHECKING:
    from vimmerse._resources.arguments import FileInput

    from ..models import Asset
    from ..types import RequestOptions


class ImagesResource(Resource):
    """Upload of local images, for use in stories and media."""

    @cached_property
    def with_raw_response(self) -> ImagesResourceWithRawResponse:
        """The same methods, which return a ``Response``: status, headers, the model as ``parsed``."""
        return ImagesResourceWithRawResponse(ImagesResource(self._client, send_raw))

    def upload(
        self,
        image: FileInput,
        *,
        file_name: str | None = None,
        mime_type: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Asset:
        """Upload an image.

        Stores one image. The first of `results` is its URL, for `image_urls`, `image_url` and
        `media_items`. Its price is not published.

        Args:
            image: The image.
            file_name: The name that is sent; by default that of the file, or `upload`.
            mime_type: Such as image/png; by default what the name suggests.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Asset: The stored image. `image.url` is its URL.

        Raises:
            BadRequestError: The request is invalid; `code` says why.
            AuthenticationError: The API key is missing or unknown. The key is not allowed to make
                this call.
            ValidationError: The body or a parameter is malformed; `detail` locates each problem.
            ApiError: Any other refusal. It is the base of these, and has `status`, `code` and
                `message`.
            httpx.TransportError: There was no response; the service may have carried out the call.
            TypeError, ValueError: An argument is not usable; nothing was sent.
            OSError: The file can't be read; nothing was sent.
        """
        with open_file("image", image, file_name, mime_type) as file:
            return self._send(
                api.image.upload_image._OPERATION,
                api.image.upload_image._get_kwargs(body=models.UploadImageRequest(image_file=file)),
                options,
            )


class ImagesResourceWithRawResponse:
    """The methods of :class:`ImagesResource`, which return a ``Response``."""

    def __init__(self, resource: ImagesResource) -> None:
        self.upload: Final = raw(resource.upload)


class AsyncImagesResource(AsyncResource):
    """Upload of local images, for use in stories and media."""

    @cached_property
    def with_raw_response(self) -> AsyncImagesResourceWithRawResponse:
        """The same methods, which return a ``Response``: status, headers, the model as ``parsed``."""
        return AsyncImagesResourceWithRawResponse(AsyncImagesResource(self._client, send_raw_async))

    async def upload(
        self,
        image: FileInput,
        *,
        file_name: str | None = None,
        mime_type: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Asset:
        """Upload an image.

        Stores one image. The first of `results` is its URL, for `image_urls`, `image_url` and
        `media_items`. Its price is not published.

        Args:
            image: The image.
            file_name: The name that is sent; by default that of the file, or `upload`.
            mime_type: Such as image/png; by default what the name suggests.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Asset: The stored image. `image.url` is its URL.

        Raises:
            BadRequestError: The request is invalid; `code` says why.
            AuthenticationError: The API key is missing or unknown. The key is not allowed to make
                this call.
            ValidationError: The body or a parameter is malformed; `detail` locates each problem.
            ApiError: Any other refusal. It is the base of these, and has `status`, `code` and
                `message`.
            httpx.TransportError: There was no response; the service may have carried out the call.
            TypeError, ValueError: An argument is not usable; nothing was sent.
            OSError: The file can't be read; nothing was sent.
        """
        with open_file("image", image, file_name, mime_type) as file:
            return await self._send(
                api.image.upload_image._OPERATION,
                api.image.upload_image._get_kwargs(body=models.UploadImageRequest(image_file=file)),
                options,
            )


class AsyncImagesResourceWithRawResponse:
    """The methods of :class:`AsyncImagesResource`, which return a ``Response``."""

    def __init__(self, resource: AsyncImagesResource) -> None:
        self.upload: Final = raw_async(resource.upload)
