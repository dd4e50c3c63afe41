"""The operations that a row of a batch can be."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, NamedTuple


class RowOperation(NamedTuple):
    """An operation of v2 that creates a job.

    Attributes:
        name: How a row calls it.
        call: Method and path, as in :mod:`vimmerse.pricing`.
        kind: What the job is.
        method: The client's method: ``stories.create`` is ``client.stories.create``.
        model: The model of the body, in :mod:`vimmerse.v2.models`.
        required: Fields without which a row is incomplete; of a tuple of names, one is enough.
    """

    name: str
    call: str
    kind: Literal["story", "media"]
    method: str
    model: str
    required: tuple[tuple[str, ...], ...]


#: By name.
OPERATIONS = {
    operation.name: operation
    for operation in (
        RowOperation(
            "idea", "POST /v2/story/idea-2-video", "story", "stories.create", "IdeaToVideoRequest", (("idea",),)
        ),
        RowOperation(
            "url", "POST /v2/story/url-2-video", "story", "stories.create_from_url", "UrlToVideoRequest", (("idea",),)
        ),
        RowOperation(
            "images",
            "POST /v2/story/images-2-video",
            "story",
            "stories.create_from_images",
            "ImagesToVideoRequest",
            (("image_urls",),),
        ),
        RowOperation(
            "media", "POST /v2/media", "media", "media.create", "CreateMediaRequest", (("prompt", "media_items"),)
        ),
    )
}
_CALLS = {operation.call: operation for operation in OPERATIONS.values()}
_ALIASES = {operation.call.rpartition("/")[2]: operation for operation in OPERATIONS.values()}  # idea-2-video

# What decides, if a row names no operation.
_OF_STORIES = ("idea", "url", "image_urls", "image_files")
_OF_MEDIA = ("prompt", "media_items", "last_image")


def kind_of(call: str) -> Literal["story", "media"] | None:
    """Return what a call creates, by its method and path; None if it is none of these operations."""
    operation = _CALLS.get(call)
    return operation.kind if operation else None


def find_operation(name: str) -> RowOperation:
    """Return an operation by its name, its call (``POST /v2/media``), or the last part of its path.

    Raises:
        ValueError: there is none; the text lists the names.
    """
    text = " ".join(name.split())
    found = OPERATIONS.get(text.lower()) or _CALLS.get(text) or _ALIASES.get(text.lower().rpartition("/")[2])
    if found is None:
        raise ValueError(f"{text[:60]!r} is not an operation; it must be {listed(OPERATIONS, 'or')}")
    return found


def choose_operation(fields: Collection[str], *, images_for_media: bool = False) -> RowOperation:
    """Return the operation of a row without a name of one, by its fields.

    Args:
        fields: The fields that the row gives, without what is inside of them.
        images_for_media: Whether ``image_urls`` can be those of a media, as in v1.

    Raises:
        ValueError: the fields fit two operations or none; the text names them.
    """
    story = [name for name in _OF_STORIES if name in fields]
    media = [name for name in _OF_MEDIA if name in fields]
    if images_for_media:
        story = [name for name in story if name in ("idea", "url")]
    if story and media:
        both = f"{story[0]} makes it a story, and {media[0]} a media"
        raise ValueError(f"it fits two operations: {both}. Leave one of them empty, or name the operation")
    if media:
        return OPERATIONS["media"]
    has_images = bool({"image_urls", "image_files", "image"}.intersection(fields))
    if "url" in story:
        if has_images:
            raise ValueError("it fits two operations: url makes it a story about a website, the images one of images")
        return OPERATIONS["url"]
    if story:
        return OPERATIONS["images" if has_images else "idea"]
    if has_images:
        raise ValueError("it fits two operations: images alone can be a story (images) or a media; name the operation")
    raise ValueError(
        "it fits no operation: it has none of idea (a story), url, image_urls, and prompt or media_items (a media)"
    )


def listed(names: Collection[str], word: str) -> str:
    """Return names with commas, and a word before the last one."""
    *most, last = names
    return f"{', '.join(most)} {word} {last}" if most else last
