# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""The clients with resources. Each resource is loaded on first use."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from vimmerse._resources.client import AsyncResourceClient, ResourceClient

if TYPE_CHECKING:
    from .images import AsyncImagesResource, ImagesResource
    from .media import AsyncMediaResource, MediaResource
    from .stories import AsyncStoriesResource, StoriesResource


class Vimmerse(ResourceClient):
    __doc__ = ResourceClient.__doc__

    @cached_property
    def stories(self) -> StoriesResource:
        """Videos of several scenes, created in one call or step by step."""
        from .stories import StoriesResource

        return StoriesResource(self)

    @cached_property
    def media(self) -> MediaResource:
        """Single videos from a prompt, images, videos or audio."""
        from .media import MediaResource

        return MediaResource(self)

    @cached_property
    def images(self) -> ImagesResource:
        """Upload of local images, for use in stories and media."""
        from .images import ImagesResource

        return ImagesResource(self)


class AsyncVimmerse(AsyncResourceClient):
    __doc__ = AsyncResourceClient.__doc__

    @cached_property
    def stories(self) -> AsyncStoriesResource:
        """Videos of several scenes, created in one call or step by step."""
        from .stories import AsyncStoriesResource

        return AsyncStoriesResource(self)

    @cached_property
    def media(self) -> AsyncMediaResource:
        """Single videos from a prompt, images, videos or audio."""
        from .media import AsyncMediaResource

        return AsyncMediaResource(self)

    @cached_property
    def images(self) -> AsyncImagesResource:
        """Upload of local images, for use in stories and media."""
        from .images import AsyncImagesResource

        return AsyncImagesResource(self)
