# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""The operations by resource. Each package is loaded when it is first used."""

TYPE_CHECKING = False  # type checkers take it for true; the typing module itself is not needed
if TYPE_CHECKING:
    from . import media as media
    from . import story as story
else:
    _WHERE = {
        "media": "media",
        "story": "story",
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
    "media",
    "story",
)
