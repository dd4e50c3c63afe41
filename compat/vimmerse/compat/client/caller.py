"""What the methods of both clients stand on: a call's route and fields in, an answer out.

One set of methods serves both clients: the type parameters say what a call gives, the object itself or a coroutine of
it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Generic, TypeVar

from vimmerse.compat.client.bodies import Route
from vimmerse.v2.types import UNSET, Unset

StoryT = TypeVar("StoryT")
MediaT = TypeVar("MediaT")
FileT = TypeVar("FileT")

Fields = Mapping[str, object]
#: A field of a v2 model that may be absent is ``str | Unset``; an id that is absent is refused by name.
Id = str | Unset


class Caller(ABC, Generic[StoryT, MediaT, FileT]):
    """Makes v1 calls and gives their answers as v2 objects."""

    @abstractmethod
    def _story(self, route: Route, fields: Fields, id: Id = UNSET) -> StoryT: ...

    @abstractmethod
    def _media(self, route: Route, fields: Fields, id: Id = UNSET) -> MediaT: ...

    @abstractmethod
    def _file(self, route: Route, fields: Fields, id: Id = UNSET) -> FileT: ...
