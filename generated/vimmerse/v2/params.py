# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""The dicts that may be passed instead of models, as in ``audio_option={'narrator': 'Rachel'}``."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .models import Element, MediaItemPosition, MediaItemType, Music, Narrator, Scene


class ElementParams(TypedDict, total=False):
    """A character, an environment or an object of a story. In requests, name and description are
    required.

    Keys:
        name: The name by which scenes refer to it.
        description: Its appearance.
        image_url: URL of its image; empty until there is one.
        URL: Version 1's name for `image_url`, still possible in responses.
    """

    name: str | None
    description: str | None
    image_url: str | None
    URL: str | None


class ElementsParams(TypedDict, total=False):
    """Elements for the storyboard to use: it refers to them by name and description, and their images
    can be generated or replaced later, at step 1.5. Without any, they follow from the idea. Scenes
    are not accepted here.

    Keys:
        characters: The characters in it. Keys of Element: name, description, image_url, URL.
        environments: The places in it. Keys of Element: name, description, image_url, URL.
        objects: The objects in it. Keys of Element: name, description, image_url, URL.
    """

    characters: Sequence[Element | ElementParams] | None
    environments: Sequence[Element | ElementParams] | None
    objects: Sequence[Element | ElementParams] | None


class MediaAudioOptionParams(TypedDict, total=False):
    """The sound of a media. Audio among the media items takes precedence; this is ignored for those.

    Keys:
        narrator: The voice of the narration. Default: AutoV. Known values: AutoV, Rachel, Aria,
            Roger, Sarah, Laura, Charlie, George, Callum, River, Liam, Charlotte, Alice, Matilda,
            Will, Jessica, Eric, Chris, Brian, Daniel, Lily, Bill.
        narration: The narration text. Default: null.
        narration_url: URL of a recording (MP3 or WAV); wins over `narration` and `narrator`.
            Default: null.
        bg_music_prompt: The style of the generated music. Default: null.
        bg_music_url: URL of a music track. Default: null.
        native_audio: Sound effects and lip sync, for tools that can. Doubles the price. Default:
            false.
    """

    narrator: Narrator | str | None
    narration: str | None
    narration_url: str | None
    bg_music_prompt: str | None
    bg_music_url: str | None
    native_audio: bool | None


class MediaItemParams(TypedDict, total=False):
    """An input of a media, used as its first frame, its last frame or its sound. In requests, type and
    url are required.

    Keys:
        type: Its kind. Known values: image, video, audio.
        url: Its URL.
        position: Whether it is the first or the last frame. Known values: First, Last.
    """

    type: MediaItemType | str | None
    url: str | None
    position: MediaItemPosition | str | None


class MusicParams(TypedDict, total=False):
    """The background music of a storyboard.

    Keys:
        description: The style of the music.
        lyrics: The lyrics; may be empty.
        music_url: URL of the track; if it is given, no track is generated (version 1's page).
    """

    description: str | None
    lyrics: str | None
    music_url: str | None


class SceneParams(TypedDict, total=False):
    """One scene of a storyboard.

    Keys:
        name: The scene's name; may be empty.
        image_description: The content of its image.
        video_description: The movement in its video.
        narrator: The narration text.
        image_url: URL of its image; empty until there is one.
        narration_url: URL of its recorded narration; absent until there is one.
    """

    name: str | None
    image_description: str | None
    video_description: str | None
    narrator: str | None
    image_url: str | None
    narration_url: str | None


class StoryAudioOptionParams(TypedDict, total=False):
    """The sound of a story, for the one-call flows and steps 1 and 2. Narration and music cost nothing
    extra; native audio doubles the price of the scenes' videos.

    Keys:
        narrator: The voice, used only with narration and without native audio. Default: AutoV.
            Known values: AutoV, Rachel, Aria, Roger, Sarah, Laura, Charlie, George, Callum, River,
            Liam, Charlotte, Alice, Matilda, Will, Jessica, Eric, Chris, Brian, Daniel, Lily, Bill.
        has_narration: Whether to add a narration. Ignored with native audio. Default: true.
        has_bg_music: Whether to add music. Default: true.
        native_audio: Sound effects and lip sync; switches narration off. Doubles the price.
            Default: false.
    """

    narrator: Narrator | str | None
    has_narration: bool | None
    has_bg_music: bool | None
    native_audio: bool | None


class StoryboardParams(TypedDict, total=False):
    """The plan of a story. Parts that a step omits stay unchanged.

    Keys:
        scenes: The scenes, in order. Keys of Scene: name, image_description, video_description,
            narrator, image_url, narration_url.
        characters: The characters in it. Keys of Element: name, description, image_url, URL.
        environments: The places in it. Keys of Element: name, description, image_url, URL.
        objects: The objects in it. Keys of Element: name, description, image_url, URL.
        music: The background music. Keys of Music: description, lyrics, music_url.
    """

    scenes: Sequence[Scene | SceneParams] | None
    characters: Sequence[Element | ElementParams] | None
    environments: Sequence[Element | ElementParams] | None
    objects: Sequence[Element | ElementParams] | None
    music: Music | MusicParams | None


__all__ = (
    "ElementParams",
    "ElementsParams",
    "MediaAudioOptionParams",
    "MediaItemParams",
    "MusicParams",
    "SceneParams",
    "StoryAudioOptionParams",
    "StoryboardParams",
)
