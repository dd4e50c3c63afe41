# Written by scripts/derive from openapi/v1.yaml and compat/vimmerse/compat/rules/. Do not edit: change those,
# then run scripts/derive again.

"""Stories, complete or step by step."""

from __future__ import annotations

from vimmerse.compat.endpoints import (
    Endpoint,
    EndpointMethods,
    FileT,
    Files,
    Id,
    MediaT,
    Object,
    Objects,
    StoryT,
    Texts,
)

_CREATE_STORYBOARD = Endpoint(
    "POST /story", body="form", files=("image_files",), repeated=("image_urls",), flags=("sound_effects",)
)
_CREATE_ELEMENTS = Endpoint("POST /story/{story_id}/elements", body="form")
_CREATE_SCENES = Endpoint("POST /story/{story_id}/scenes", body="form", flags=("sound_effects",))
_CREATE_VIDEOS = Endpoint("POST /story/{story_id}/videos", body="form", flags=("is_transition", "sound_effects"))
_GET_STORY = Endpoint("GET /story/{story_id}")
_UPDATE_STORY = Endpoint("PUT /story/{story_id}", body="form")
_DELETE_STORY = Endpoint("DELETE /story/{story_id}")
_CONCAT_STORY = Endpoint("POST /story/{story_id}/concat", body="form", repeated=("audio_urls", "concat_video_urls"))


class StoryMethods(EndpointMethods[StoryT, MediaT, FileT]):
    """Stories, complete or step by step. ``docs/migration.md`` has the value tables."""

    def create_storyboard(
        self,
        *,
        story_id: str | None = None,
        idea: str | None = None,
        title: str | None = None,
        scene_count: int | None = None,
        language: str | None = None,
        aspect_ratio: str | None = None,
        visibility_status: str | None = None,
        elements: Object | None = None,
        image_urls: Texts | None = None,
        narrator: str | None = None,
        background_music: bool | None = None,
        sound_effects: bool | str | None = None,
        audio_option: Object | None = None,
        native_audio: bool | None = None,
        has_narration: bool | None = None,
        has_bg_music: bool | None = None,
        image_files: Files | None = None,
    ) -> StoryT:
        """Step 1: create a story and its storyboard.

        v1: ``POST /story``; v2: ``POST /v2/story``.

        Creates a story and writes its storyboard from the idea; in revised v1, from images too. Files are uploaded
        first, each with POST /v2/image, and the story gets their URLs. The whole audio_option is always sent: without
        it, v1 plays music and speaks with Rachel, and v2 with AutoV. Paid.

        Args:
            story_id: Story to edit instead of making a new one (revised v1). The call is forwarded to v1: v2 would
                create a second story instead of changing the first one.
            idea: What the video is about; may be empty. Default: "". The same in v2.
            title: Title of the story. Default: "". The same in v2.
            scene_count: Number of scenes. The page's table has a default; its text says that the number is chosen
                automatically when left out. With images it is their number. Default: 3. The same in v2.
            language: Language of the texts and the narration, in revised v1. The same in v2.
            aspect_ratio: Shape of the video. Default: 16:9. The same in v2.
            visibility_status: Who can see the story: "0" private, "1" unlisted, "2" public. Default: 1. "0" (private)
                goes to v1, since v2 has no private stories, and so does text that is not a number; "2" (public) is
                dropped; "1" is the default.
            elements: Characters, environments and objects that the storyboard must use, as JSON text (revised v1). The
                v2 object; JSON text in a form. Inside, URL becomes image_url.
            image_urls: URLs of images to build the scenes on, in order (revised v1). On a form the key is repeated. The
                same in v2. Uploaded files win over it.
            narrator: Voice that reads the narration. Both revisions have the same default. Default: Rachel. In v2
                `audio_option.narrator`. Same voices; Rachel if it is omitted; sent only if there is narration.
            background_music: Adds background music. Default: true. In v2 `audio_option.has_bg_music`. Becomes
                has_bg_music; true if it is omitted.
            sound_effects: "Yes" adds sound effects. Default: No. In v2 `audio_option.native_audio`. Yes becomes
                native_audio, which in v2 switches narration off and doubles the price; renamed if there is no narration
                to lose.
            audio_option: Narration, music and native audio in one object, as JSON text (revised v1); its keys win over
                the single fields. The v2 object itself (JSON text in a form); wins over the flat fields. Omitted keys
                are filled with v1's defaults.
            native_audio: Whether the video model generates the sound (revised v1). In v2 `audio_option.native_audio`.
                Revised v1's name for sound_effects, and wins over it.
            has_narration: Adds a narration (revised v1). In v2 `audio_option.has_narration`. Same meaning; true if it
                is omitted, unless there is native audio or an empty narrator.
            has_bg_music: Adds background music (revised v1); wins over `background_music`. In v2
                `audio_option.has_bg_music`. Revised v1's name for background_music, and wins over it.
            image_files: Images to build the scenes on, in order (revised v1). In v2 `image_urls`. Each file is uploaded
                with POST /v2/image first; its URL goes into image_urls.
        """
        return self._story(_CREATE_STORYBOARD, locals())

    def create_elements(
        self,
        story_id: Id,
        *,
        option: str | None = None,
        image_tool: str | None = None,
        seed: int | None = None,
        aspect_ratio: str | None = None,
        storyboard: Object | None = None,
        enhance_image: bool | None = None,
        background_music: bool | None = None,
        has_bg_music: bool | None = None,
    ) -> StoryT:
        """Step 1.5: draw the elements (optional).

        v1: ``POST /story/{story_id}/elements``; v2: ``POST /v2/story/{story_id}/elements``.

        Draws the characters, objects and environments of the storyboard that have no image yet, and makes the music,
        unless its `music_url` is given. What it costs is not published. Without an aspect ratio none is sent: the
        images of elements must not set the video's. Paid.

        Args:
            option: Model that draws the images. The elements step does not list FluxFinetuned. Default: FluxKontextPro.
                In v2 `image_tool`. Renamed; see the table of image options.
            image_tool: Model that draws the images, in revised v1; wins over `option`. In v2 `image_tool`. Revised v1's
                option; the same table.
            seed: Seed of the image generation. Dropped: v2 picks its own seed.
            aspect_ratio: Shape of the elements' images; "16:9" without it in revised v1. Default: 9:16. The same in v2.
            storyboard: The storyboard, edited, as JSON text; if omitted, the story's own is used. In v2 `storyboard`.
                JSON text becomes an object; inside elements URL becomes image_url.
            enhance_image: Sharpens the images afterwards, by super-resolution at their own size. Default: false.
                Dropped: v2 has no super-resolution switch.
            background_music: Adds background music. Default: true. Dropped: v2 takes no audio here; set it in step 1
                (POST /v2/story) or POST /v2/story/{story_id}/scenes of the next story.
            has_bg_music: Adds background music (revised v1, which ignores it here). Dropped: v1 ignores it on this
                step, so nothing is lost.
        """
        return self._story(_CREATE_ELEMENTS, locals())

    def create_scenes(
        self,
        story_id: Id,
        *,
        option: str | None = None,
        image_tool: str | None = None,
        seed: int | None = None,
        aspect_ratio: str | None = None,
        storyboard: Object | None = None,
        enhance_image: bool | None = None,
        generate_elements: bool | None = None,
        narrator: str | None = None,
        background_music: bool | None = None,
        sound_effects: bool | str | None = None,
        audio_option: Object | None = None,
        native_audio: bool | None = None,
        has_narration: bool | None = None,
        has_bg_music: bool | None = None,
    ) -> StoryT:
        """Step 2: draw the scenes and record the narration.

        v1: ``POST /story/{story_id}/scenes``; v2: ``POST /v2/story/{story_id}/scenes``.

        Makes the images and narrations that the scenes of the storyboard still lack. Audio settings that are omitted
        here stay as in step 1 (published). What it costs is not published. Audio is sent only if an audio field is
        named here: otherwise the story keeps what step 1 decided. Paid.

        Args:
            option: Model that draws the images. The elements step does not list FluxFinetuned. Default: FluxKontextPro.
                In v2 `image_tool`. Renamed; see the table of image options.
            image_tool: Model that draws the images, in revised v1; wins over `option`. In v2 `image_tool`. Revised v1's
                option; the same table.
            seed: Seed of the image generation. Dropped: v2 picks its own seed.
            aspect_ratio: Shape of the images. Default: 16:9. The same in v2.
            storyboard: The storyboard, edited, as JSON text; if omitted, the story's own is used. In v2 `storyboard`.
                JSON text becomes an object; inside elements URL becomes image_url.
            enhance_image: Sharpens the images afterwards, by super-resolution at their own size. On scenes, revised v1
                does not, unless it is true. Default: true. Dropped: v2 has no super-resolution switch.
            generate_elements: Draws the characters and objects first, so that they look the same in all scenes. Only
                the options FluxKontextPro, FluxKontextMax and OpenAI-Image-1 use it. Default: true. Dropped: v2 creates
                element images in a separate step.
            narrator: Voice that reads the narration. Both revisions have the same default. Default: Rachel. In v2
                `audio_option.narrator`. Same voices; Rachel if it is omitted; sent only if there is narration.
            background_music: Adds background music. Default: true. In v2 `audio_option.has_bg_music`. Becomes
                has_bg_music; true if it is omitted.
            sound_effects: "Yes" adds sound effects. Default: No. In v2 `audio_option.native_audio`. Yes becomes
                native_audio, which in v2 switches narration off and doubles the price; renamed if there is no narration
                to lose.
            audio_option: Narration, music and native audio in one object, as JSON text (revised v1); its keys win over
                the single fields. The v2 object itself (JSON text in a form); wins over the flat fields. Omitted keys
                are filled with v1's defaults.
            native_audio: Whether the video model generates the sound (revised v1). In v2 `audio_option.native_audio`.
                Revised v1's name for sound_effects, and wins over it.
            has_narration: Adds a narration (revised v1). In v2 `audio_option.has_narration`. Same meaning; true if it
                is omitted, unless there is native audio or an empty narrator.
            has_bg_music: Adds background music (revised v1); wins over `background_music`. In v2
                `audio_option.has_bg_music`. Revised v1's name for background_music, and wins over it.
        """
        return self._story(_CREATE_SCENES, locals())

    def create_videos(
        self,
        story_id: Id,
        *,
        title: str | None = None,
        storyboard: Object | None = None,
        scenes: Objects | None = None,
        is_transition: bool | str | None = None,
        motion_type: str | None = None,
        video_tool: str | None = None,
        duration: int | None = None,
        loop: int | None = None,
        sound_effects: bool | str | None = None,
        native_audio: bool | None = None,
        webhook_url: str | None = None,
    ) -> StoryT:
        """Step 3: animate the scenes and join them.

        v1: ``POST /story/{story_id}/videos``; v2: ``POST /v2/story/{story_id}/videos``.

        Starts one video for each scene; the response lists them in `medias`. Once all are done the joined video is at
        `video_url`; the page's sample waits ten seconds more for it. Paid.

        Args:
            title: Title of the story. Default: "". The same in v2.
            storyboard: The storyboard, edited, as JSON text; if omitted, the story's own is used. In v2 `storyboard`.
                JSON text becomes an object; inside elements URL becomes image_url.
            scenes: The scenes, edited, as the JSON text of a list; left out, the storyboard's are used. They are laid
                over the storyboard's by position, field by field. Merged into the storyboard's scenes by index, field
                by field; an entry's prompt becomes video_description. If no storyboard is given, the story's own is
                looked up first.
            is_transition: "Yes" adds transitions between the scenes. Default: No. In v2 `is_transition`. Yes and No
                become a boolean, sent only if it is true.
            motion_type: Model that animates the scenes. Default: Auto. In v2 `video_tool`. Renamed; see the table of
                motion types.
            video_tool: Model that animates, in revised v1; wins over `motion_type`. In v2 `video_tool`. Revised v1's
                motion_type; the same table.
            duration: Length of each video in seconds, 1 to 10. Default: 5. The same in v2.
            loop: How often each motion is repeated, 1 to 6. Default: 1. Dropped: v2 does not repeat the motion of a
                story's scenes.
            sound_effects: "Yes" adds sound effects. Default: No. Dropped: v2 takes no audio here; set it in step 1
                (POST /v2/story) or POST /v2/story/{story_id}/scenes of the next story.
            native_audio: Lets the video model make the sound (revised v1, which ignores it here). Dropped: v1 ignores
                it on this step, so nothing is lost.
            webhook_url: URL that receives a POST once the story is finished. The same in v2. v2 does not document the
                payload.
        """
        return self._story(_CREATE_VIDEOS, locals())

    def get_story(self, story_id: Id) -> StoryT:
        """Get a story.

        v1: ``GET /story/{story_id}``; v2: ``GET /v2/story/{story_id}``.

        The story as it is now; poll it until `status` is "success" or "fail".
        """
        return self._story(_GET_STORY, locals())

    def update_story(
        self,
        story_id: Id,
        *,
        title: str | None = None,
        description: str | None = None,
        visibility_status: str | None = None,
    ) -> StoryT:
        """Update a story's texts and visibility.

        v1: ``PUT /story/{story_id}``; v2: has no such call.

        Sets title, description and visibility. Free. v2 has no update of a story: the call goes to v1.

        Args:
            title: New title; unchanged if omitted. The call is forwarded to v1: v2 has no update of a story.
            description: New description; unchanged if omitted. The call is forwarded to v1: v2 has no update of a
                story.
            visibility_status: Who can see the story: "0" private, "1" unlisted, "2" public. Unchanged if omitted. The
                call is forwarded to v1: v2 has no update of a story.
        """
        return self._story(_UPDATE_STORY, locals())

    def delete_story(self, story_id: Id) -> StoryT:
        """Delete a story.

        v1: ``DELETE /story/{story_id}``; v2: ``DELETE /v2/story/{story_id}``.

        Deletes a story permanently.
        """
        return self._story(_DELETE_STORY, locals())

    def concat_story(
        self,
        story_id: Id,
        *,
        concat_video_urls: Texts | None = None,
        audio_urls: Texts | None = None,
    ) -> StoryT:
        """Join a story's videos.

        v1: ``POST /story/{story_id}/concat``; v2: ``POST /v2/story/{story_id}/concat``.

        Joins the videos of the story, or those named; the result is at `video_url` later on. The body may be left out.
        What it costs is not published, though the page lists a 402. An empty body becomes an empty object. Paid.

        Args:
            concat_video_urls: URLs of the videos to join, in order. The key is repeated. The same in v2.
            audio_urls: URLs of the audio tracks of the joined video. The key is repeated. The same in v2.
        """
        return self._story(_CONCAT_STORY, locals())
