# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""The operations of ``story``, a module each, loaded when it is first used."""

TYPE_CHECKING = False  # type checkers take it for true; the typing module itself is not needed
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
    from . import update_story as update_story
    from . import url_to_video as url_to_video
else:
    _WHERE = {
        "concat_story": "concat_story",
        "create_elements": "create_elements",
        "create_scenes": "create_scenes",
        "create_storyboard": "create_storyboard",
        "create_videos": "create_videos",
        "delete_story": "delete_story",
        "get_story": "get_story",
        "idea_to_video": "idea_to_video",
        "images_to_video": "images_to_video",
        "update_story": "update_story",
        "url_to_video": "url_to_video",
    }

    def __getattr__(name):
        if name not in _WHERE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        module = import_module(f".{_WHERE[name]}", __name__)
        value = module if _WHERE[name] == name else getattr(module, name)
        globals()[name] = value  # from now on found without this function
        return value

    def __dir__():
        return sorted({*globals(), *__all__})


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
    "update_story",
    "url_to_video",
)
