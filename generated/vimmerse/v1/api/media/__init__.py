# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""The operations of ``media``, a module each, loaded when it is first used."""

TYPE_CHECKING = False  # type checkers take it for true; the typing module itself is not needed
if TYPE_CHECKING:
    from . import create_media as create_media
    from . import create_media_from_prompt as create_media_from_prompt
    from . import download_media as download_media
    from . import edit_media as edit_media
    from . import get_media as get_media
    from . import get_media_status as get_media_status
    from . import process_media as process_media
    from . import update_media as update_media
    from . import upload_media as upload_media
else:
    _WHERE = {
        "create_media": "create_media",
        "create_media_from_prompt": "create_media_from_prompt",
        "download_media": "download_media",
        "edit_media": "edit_media",
        "get_media": "get_media",
        "get_media_status": "get_media_status",
        "process_media": "process_media",
        "update_media": "update_media",
        "upload_media": "upload_media",
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
    "create_media",
    "create_media_from_prompt",
    "download_media",
    "edit_media",
    "get_media",
    "get_media_status",
    "process_media",
    "update_media",
    "upload_media",
)
