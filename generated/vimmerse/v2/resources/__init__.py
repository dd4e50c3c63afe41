# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""``Vimmerse`` and ``AsyncVimmerse``: the operations as methods of resources. Loaded on first use."""

from vimmerse._http.lazy import lazy_exports

# Type checkers treat it like typing's; importing typing would cost more than all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from .images import AsyncImagesResource as AsyncImagesResource
    from .media import AsyncMediaResource as AsyncMediaResource
    from .stories import AsyncStoriesResource as AsyncStoriesResource
    from .client import AsyncVimmerse as AsyncVimmerse
    from .images import ImagesResource as ImagesResource
    from .media import MediaResource as MediaResource
    from .stories import StoriesResource as StoriesResource
    from .client import Vimmerse as Vimmerse
else:
    __getattr__, __dir__ = lazy_exports(
        globals(),
        {
            "AsyncImagesResource": "images",
            "AsyncMediaResource": "media",
            "AsyncStoriesResource": "stories",
            "AsyncVimmerse": "client",
            "ImagesResource": "images",
            "MediaResource": "media",
            "StoriesResource": "stories",
            "Vimmerse": "client",
        },
    )

__all__ = (
    "AsyncImagesResource",
    "AsyncMediaResource",
    "AsyncStoriesResource",
    "AsyncVimmerse",
    "ImagesResource",
    "MediaResource",
    "StoriesResource",
    "Vimmerse",
)
