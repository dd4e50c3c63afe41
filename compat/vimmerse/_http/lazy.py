"""Exports that are loaded on first use (PEP 562), so that importing a generated package costs next to nothing."""

TYPE_CHECKING = False  # as type checkers treat typing's; importing typing would cost more than the rest
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def lazy_exports(
    namespace: "dict[str, object]", modules: "Mapping[str, str]"
) -> "tuple[Callable[[str], object], Callable[[], list[str]]]":
    """Return the ``__getattr__`` and ``__dir__`` of a package.

    ``namespace``: the package's ``globals()``.
    ``modules``: the submodule that holds each name; a submodule's own name stands for the submodule.
    """

    def load(name: str) -> object:
        if name not in modules:
            raise AttributeError(f"module {namespace['__name__']!r} has no attribute {name!r}")
        from importlib import import_module

        module = import_module(f"{namespace['__name__']}.{modules[name]}")
        value = module if modules[name] == name else getattr(module, name)
        namespace[name] = value  # later uses find it without this function
        return value

    def names() -> "list[str]":
        return sorted({*namespace, *modules})

    return load, names
