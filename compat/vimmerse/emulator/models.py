"""What the emulator stores: stories, media and what they cost. How each version shows them is in ``wire_*``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from vimmerse.emulator.lifecycle import GenerationJob
from vimmerse.emulator.values import JsonObject

Version = Literal["v1", "v2"]


@dataclass(frozen=True, slots=True)
class Charge:
    """One paid job: what it was for and what it cost.

    ``operation``: such as ``POST /v2/media``. ``id``: of the media or story. ``credits``: its price.
    """

    operation: str
    id: str
    credits: int


class Motion(NamedTuple):
    """One motion of a media. v2 has exactly one; v1's upload and prompt calls take several."""

    tool: str
    prompt: str = ""
    quantity: int = 1
    duration: int = 5
    loop: int = 1
    aspect_ratio: str = ""
    params: str | None = None  # v1: the caller's own Params text, shown unchanged


class Result(NamedTuple):
    """One generated file. ``name`` is v1's: the tool and its index, ``Auto1``."""

    name: str
    tool: str
    url: str


class Generation(NamedTuple):
    """One finished generation of a media."""

    motions: tuple[Motion, ...]
    native_audio: bool
    created_at: str


@dataclass(slots=True, eq=False)
class Media:
    """One media of either version."""

    id: str
    origin: Version
    created_at: str
    updated_at: str
    job: GenerationJob
    title: str = ""
    description: str = ""
    rating: str = ""
    visibility_status: str = "1"
    webhook_url: str = ""
    primary_user_id: str = ""
    batch_id: str = ""
    is_transition: bool = False
    media_items: list[JsonObject] | None = None
    source_urls: list[str] = field(default_factory=list)
    source_names: list[str] = field(default_factory=list)
    motions: list[Motion] = field(default_factory=list)
    preset_is_list: bool = False
    native_audio: bool = False
    submit_params: JsonObject = field(default_factory=dict)
    generation: int = 0
    results: list[Result] = field(default_factory=list)
    history: list[Generation] = field(default_factory=list)
    story_id: str = ""


@dataclass(slots=True, eq=False)
class Story:
    """One story of either version. ``job`` is None until its videos are requested (step 3)."""

    id: str
    origin: Version
    created_at: str
    updated_at: str
    idea: str = ""
    title: str = ""
    description: str = ""
    visibility_status: str = "1"
    webhook_url: str = ""
    aspect_ratio: str = "16:9"
    is_transition: bool = False
    video_tool: str = ""
    scene_count: int = 0
    scene_duration: int = 0
    audio_option: JsonObject = field(default_factory=dict)
    storyboard: JsonObject = field(default_factory=dict)
    media: list[Media] = field(default_factory=list)
    used_credits: int = 0
    one_call: bool = False  # every step in one call
    step_progress: int = 0  # per cent; shown while there is no job
    job: GenerationJob | None = None
    video_url: str = ""  # of the composed video
    compositions: int = 0


class Asset(NamedTuple):
    """One uploaded image (``POST /v2/image``)."""

    id: str
    url: str
    created_at: str
