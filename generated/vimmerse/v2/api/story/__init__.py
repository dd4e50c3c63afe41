# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""The operations of ``story``, one module each, loaded on first use."""

from vimmerse._http.lazy import lazy_exports

# Type checkers treat it like typing's; importing typing would cost more than all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import concat_story as concat_story
    from . import create_elements as create_elements
    from . import create_scenes as create_scenes
    from . import create_storyboard as create_storyboard
    from . import create_videos as create_videos
    from . import delete_story as delete_story
    from . import get_story as get_story
    from . import idea_to_video as idea_to_video
    from . import images_to_video as images_to_video
    from . import url_to_video as url_to_video
else:
    __getattr__, __dir__ = lazy_exports(
        globals(),
        {
            "concat_story": "concat_story",
            "create_elements": "create_elements",
            "create_scenes": "create_scenes",
            "create_storyboard": "create_storyboard",
            "create_videos": "create_videos",
            "delete_story": "delete_story",
            "get_story": "get_story",
            "idea_to_video": "idea_to_video",
            "images_to_video": "images_to_video",
            "url_to_video": "url_to_video",
        },
    )

__all__ = (
    "concat_story",
    "create_elements",
    "create_scenes",
    "create_storyboard",
    "create_videos",
    "delete_story",
    "get_story",
    "idea_to_video",
    "images_to_video",
    "url_to_video",
)
