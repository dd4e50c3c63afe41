"""What a route gets and gives: :class:`Call`, :class:`Answer`, and readers for validated values."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from vimmerse.emulator.bodies import Upload
from vimmerse.emulator.files import StoredFile
from vimmerse.emulator.models import JsonObject, Version
from vimmerse.emulator.settings import Settings
from vimmerse.emulator.store import Store


@dataclass(frozen=True, slots=True)
class Call:
    """One validated request."""

    version: Version
    operation: str  # "POST /v2/media"
    store: Store
    ids: Mapping[str, str]
    query: JsonObject
    values: JsonObject  # the body's fields, by the spec's types
    uploads: tuple[Upload, ...] = ()

    @property
    def settings(self) -> Settings:
        """The emulator's settings."""
        return self.store.settings

    def text(self, name: str, default: str = "") -> str:
        """A text field; the default where it is missing, null or not text."""
        found = self.values.get(name)
        return found if isinstance(found, str) else default

    def number(self, name: str, default: int) -> int:
        """An integer field."""
        found = self.values.get(name)
        return int(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else default

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean field, or v1's Yes and No."""
        return truth(self.values.get(name), default)

    def texts(self, name: str) -> list[str]:
        """A list of texts; blank ones are left out."""
        return texts(self.values.get(name))

    def object(self, name: str) -> JsonObject:
        """An object field; empty where it is missing."""
        found = self.values.get(name)
        return found if isinstance(found, dict) else {}

    def has(self, name: str) -> bool:
        """Whether the caller gave the field, and not as null."""
        return self.values.get(name) is not None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a route answers: a JSON document, or a file."""

    document: object = None
    status: int = 200
    file: StoredFile | None = None
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        """The document's bytes."""
        return json.dumps(self.document, ensure_ascii=False, separators=(",", ":")).encode()


Handler = Callable[[Call], Answer]


def truth(value: object, default: bool = False) -> bool:
    """A boolean, however a form or v1 writes it."""
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return bool(value)
    if isinstance(value, str):
        text = value.strip().lower()
        if text in ("yes", "true", "1", "on", "y", "t"):
            return True
        if text in ("no", "false", "0", "off", "n", "f"):
            return False
    return default


def texts(value: object) -> list[str]:
    """The texts of a list; blank ones are left out."""
    return [item for item in value if isinstance(item, str) and item] if isinstance(value, list) else []


def objects(value: object) -> list[JsonObject]:
    """The objects of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
