"""What the handler of an operation gets and returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from vimmerse.emulator.models import Media, Story, Version
from vimmerse.emulator.records import Upload
from vimmerse.emulator.responses import Response
from vimmerse.emulator.store import Store
from vimmerse.emulator.values import JsonObject, as_bool, as_object, as_objects, as_texts


@dataclass(slots=True, eq=False)
class ValidatedRequest:
    """One request whose fields have the types of the spec."""

    version: Version
    operation: str  # "POST /v2/media"
    store: Store
    ids: Mapping[str, str]  # the parameters of the path
    query: JsonObject
    values: JsonObject  # the body's fields
    uploads: tuple[Upload, ...] = ()

    def has(self, name: str) -> bool:
        """Whether the caller gave the field, and not as null."""
        return self.values.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        """A text field. v1's forms write a blank text for no value, so there the default replaces it."""
        value = self.values.get(name)
        return value if isinstance(value, str) and (value or self.version == "v2") else default

    def number(self, name: str, default: int) -> int:
        value = self.values.get(name)
        return int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else default

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean field, or v1's Yes and No."""
        return as_bool(self.values.get(name), default)

    def texts(self, name: str) -> list[str]:
        """The texts of a list field, without blank ones."""
        return as_texts(self.values.get(name))

    def object(self, name: str) -> JsonObject:
        """An object field; empty if it is missing."""
        return as_object(self.values.get(name))

    def objects(self, name: str) -> list[JsonObject]:
        return as_objects(self.values.get(name))

    def files(self, name: str) -> list[Upload]:
        return [upload for upload in self.uploads if upload.field == name]


Handler = Callable[[ValidatedRequest], JsonObject | Response]
Routes = dict[tuple[str, str], Handler]  # by method and path template


def set_texts(item: Story | Media, values: JsonObject, names: Iterable[str]) -> None:
    """Set the text fields that a caller gave, blank ones too. There is no blank visibility."""
    for name in names:
        value = values.get(name)
        if isinstance(value, str) and (value or name != "visibility_status"):
            setattr(item, name, value)
