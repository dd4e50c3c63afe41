"""The settings of an emulator."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Literal, TypedDict

from vimmerse.emulator.lifecycle import AfterPolls, Transition


class Options(TypedDict, total=False):
    """The fields of :class:`Settings`, as the keyword arguments of ``Emulator``."""

    port: int
    files_port: int
    seed: int
    transition: Transition
    clock: Callable[[], float]
    api_keys: Collection[str] | None
    credits: int | None
    strict_values: bool
    strict_tools: bool
    shared_ids: bool
    media_shape: Literal["live", "double", "single"]
    media_update_method: Literal["PUT", "PATCH"]
    compose_polls: int
    max_scenes: int
    max_upload: int
    keep_bytes: int
    result_size: int | None
    webhooks_anywhere: bool
    webhook_timeout: float
    customer_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting of :class:`Emulator`; each is a keyword argument of it.

    ``port``, ``files_port``: 0 lets the operating system pick.
    ``seed``: ids, timestamps and storyboards follow from it and from the order of the calls alone.
    ``transition``: when jobs end, unless ``next_job`` says otherwise.
    ``clock``: seconds, for ``AfterSeconds``; call ``Emulator.tick()`` after moving a clock of your own.
    ``api_keys``: the keys that are accepted; None accepts any that is not blank.
    ``credits``: the balance at the start; None is unlimited.
    ``strict_values``: refuse an aspect ratio or language that the pages do not list.
    ``strict_tools``: refuse video and image tools that are in no list. v2 refuses those of v1 in any case.
    ``shared_ids``: each version finds what the other has created.
    ``media_shape``: how v1 wraps ``GET /media/{id}``. ``"live"`` has the fields in ``data``, and once more in
    ``data.data``; ``"double"`` has them in ``data.data`` alone, as documented; ``"single"`` in ``data`` alone.
    ``media_update_method``: the method of v2's media update, as the pages name none. The other is a 405.
    ``compose_polls``: how many reads after its success a story gets its ``video_url``.
    ``max_scenes``: scenes of one story; more are a 422. The service documents no limit; this one protects memory.
    ``max_upload``: bytes of one uploaded file; more are a 413.
    ``keep_bytes``: bodies and uploads of up to this size are kept; of larger ones, the size and SHA-256.
    ``result_size``: pad every result video to this many bytes (it stays playable); None is a few KB.
    ``webhooks_anywhere``: also call webhooks on other hosts than this one.
    ``webhook_timeout``: seconds for one delivery.
    ``customer_id``: the customer whose jobs these are.
    """

    port: int = 0
    files_port: int = 0
    seed: int = 20250401
    transition: Transition = field(default_factory=AfterPolls)
    clock: Callable[[], float] = time.monotonic
    api_keys: Collection[str] | None = field(default=None, repr=False)
    credits: int | None = None
    strict_values: bool = True
    strict_tools: bool = False
    shared_ids: bool = False
    media_shape: Literal["live", "double", "single"] = "live"
    media_update_method: Literal["PUT", "PATCH"] = "PUT"
    compose_polls: int = 0
    max_scenes: int = 100
    max_upload: int = 50 * 1024 * 1024
    keep_bytes: int = 4 * 1024 * 1024
    result_size: int | None = None
    webhooks_anywhere: bool = False
    webhook_timeout: float = 5.0
    customer_id: str = "customer_emulated"

    def __post_init__(self) -> None:
        if isinstance(self.api_keys, str):
            raise TypeError("api_keys is a collection of keys, not a string: api_keys=[key]")
        for name in ("credits", "compose_polls", "max_scenes", "max_upload", "keep_bytes"):
            if (getattr(self, name) or 0) < 0:
                raise ValueError(f"{name} must be 0 or more")
        for name in ("port", "files_port"):
            if not 0 <= getattr(self, name) <= 65535:
                raise ValueError(f"{name} must be a port, 1 to 65535, or 0 for any free one")
