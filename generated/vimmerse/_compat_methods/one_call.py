# Written by scripts/derive from openapi/v1.yaml and compat/vimmerse/compat/rules/. Do not edit: change those,
# then run scripts/derive again.

"""A whole story from one request."""

from __future__ import annotations

from vimmerse.compat.endpoints import Endpoint, EndpointMethods, FileT, MediaT, Object, StoryT, Texts

_IDEA_TO_VIDEO = Endpoint("POST /story/idea-2-video", body="form", flags=("is_transition", "sound_effects"))
_URL_TO_VIDEO = Endpoint("POST /story/url-2-video", body="form", flags=("is_transition", "sound_effects"))
_IMAGES_TO_VIDEO = Endpoint(
    "POST /story/images-2-video", body="form", repeated=("image_urls",), flags=("is_transition", "sound_effects")
)


class OneCallMethods(EndpointMethods[StoryT, MediaT, FileT]):
    """A whole story from one request. ``docs/migration.md`` has the value tables."""

    def idea_to_video(
        self,
        *,
        idea: str | None = None,
        title: str | None = None,
        description: str | None = None,
        visibility_status: str | None = None,
        scene_count: int | None = None,
        option: str | None = None,
        image_tool: str | None = None,
        generate_elements: bool | None = None,
        enhance_image: bool | None = None,
        seed: int | None = None,
        aspect_ratio: str | None = None,
        is_transition: bool | str | None = None,
        motion_type: str | None = None,
        video_tool: str | None = None,
        duration: int | None = None,
        scene_duration: int | None = None,
        loop: int | None = None,
        language: str | None = None,
        elements: Object | None = None,
        narrator: str | None = None,
        background_music: bool | None = None,
        sound_effects: bool | str | None = None,
        audio_option: Object | None = None,
        native_audio: bool | None = None,
        has_narration: bool | None = None,
        has_bg_music: bool | None = None,
        webhook_url: str | None = None,
    ) -> StoryT:
        """Make a video from an idea.

        v1: ``POST /story/idea-2-video``; v2: ``POST /v2/story/idea-2-video``.

        Makes the whole video in one call: storyboard, images, narration, motion. Returns the new story at once; poll it
        until its status is "success", then read `video_url`. Paid. The whole audio_option is always sent: without it,
        v1 plays music and speaks with Rachel, and v2 with AutoV.

        Args:
            idea: What the video is about; may be empty. Default: "". The same in v2.
            title: Title of the story. Default: "". The same in v2.
            description: Description of the story. Default: "". Dropped: A v2 story has no description.
            visibility_status: Who can see the story: "0" private, "1" unlisted, "2" public. Default: 1. "0" (private)
                goes to v1, since v2 has no private stories, and so does text that is not a number; "2" (public) is
                dropped; "1" is the default.
            scene_count: Number of scenes. The page's table has a default; its text says that the number is chosen
                automatically when left out. Default: 3. The same in v2.
            option: Model that draws the images. The elements step does not list FluxFinetuned. Default: FluxKontextPro.
                In v2 `image_tool`. Renamed; see the table of image options.
            image_tool: Model that draws the images, in revised v1; wins over `option`. In v2 `image_tool`. Revised v1's
                option; the same table.
            generate_elements: Draws the characters and objects first, so that they look the same in all scenes. Only
                the options FluxKontextPro, FluxKontextMax and OpenAI-Image-1 use it. Default: true. Dropped: v2 creates
                element images in a separate step.
            enhance_image: Sharpens the images afterwards, by super-resolution at their own size. On scenes, revised v1
                does not, unless it is true. Default: true. Dropped: v2 has no super-resolution switch.
            seed: Seed of the image generation. Dropped: v2 picks its own seed.
            aspect_ratio: Shape of the video. Default: 16:9. The same in v2.
            is_transition: "Yes" adds transitions between the scenes. Default: No. In v2 `is_transition`. Yes and No
                become a boolean, sent only if it is true.
            motion_type: Model that animates the scenes. Default: Auto. In v2 `video_tool`. Renamed; see the table of
                motion types.
            video_tool: Model that animates, in revised v1; wins over `motion_type`. In v2 `video_tool`. Revised v1's
                motion_type; the same table.
            duration: Length of each scene in seconds, 1 to 10. Default: 5. In v2 `scene_duration`. Seconds per scene: 1
                to 7 become 5, 8 to 10 become 10, the only lengths that v2 has.
            scene_duration: Length of each scene in seconds, 5 or 10, in revised v1; wins over `duration`. The same in
                v2.
            loop: How often each motion is repeated, 1 to 6. A narrator overrules it. Default: 1. Dropped: v2 does not
                repeat the motion of a story's scenes.
            language: Language of the texts and the narration, in revised v1. The same in v2.
            elements: Characters, environments and objects that the storyboard must use, as JSON text (revised v1). The
                v2 object; JSON text in a form. Inside, URL becomes image_url.
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
            webhook_url: URL that receives a POST once the story is finished. The same in v2. v2 does not document the
                payload.
        """
        return self._story(_IDEA_TO_VIDEO, locals())

    def url_to_video(
        self,
        *,
        idea: str | None = None,
        title: str | None = None,
        description: str | None = None,
        visibility_status: str | None = None,
        scene_count: int | None = None,
        option: str | None = None,
        image_tool: str | None = None,
        generate_elements: bool | None = None,
        enhance_image: bool | None = None,
        seed: int | None = None,
        aspect_ratio: str | None = None,
        is_transition: bool | str | None = None,
        motion_type: str | None = None,
        video_tool: str | None = None,
        duration: int | None = None,
        scene_duration: int | None = None,
        loop: int | None = None,
        language: str | None = None,
        elements: Object | None = None,
        narrator: str | None = None,
        background_music: bool | None = None,
        sound_effects: bool | str | None = None,
        audio_option: Object | None = None,
        native_audio: bool | None = None,
        has_narration: bool | None = None,
        has_bg_music: bool | None = None,
        webhook_url: str | None = None,
    ) -> StoryT:
        """Make a video from an idea and a web page.

        v1: ``POST /story/url-2-video``; v2: ``POST /v2/story/url-2-video``.

        Like idea-2-video, with the content of the web page whose URL the idea contains. Paid. Revised v1. The whole
        audio_option is always sent: without it, v1 plays music and speaks with Rachel, and v2 with AutoV.

        Args:
            idea: What the video is about, with the URL of the page. Default: "". The same in v2.
            title: Title of the story. Default: "". The same in v2.
            description: Description of the story. Default: "". Dropped: A v2 story has no description.
            visibility_status: Who can see the story: "0" private, "1" unlisted, "2" public. Default: 1. "0" (private)
                goes to v1, since v2 has no private stories, and so does text that is not a number; "2" (public) is
                dropped; "1" is the default.
            scene_count: Number of scenes. The page's table has a default; its text says that the number is chosen
                automatically when left out. Default: 3. The same in v2.
            option: Model that draws the images. The elements step does not list FluxFinetuned. Default: FluxKontextPro.
                In v2 `image_tool`. Renamed; see the table of image options.
            image_tool: Model that draws the images, in revised v1; wins over `option`. In v2 `image_tool`. Revised v1's
                option; the same table.
            generate_elements: Draws the characters and objects first, so that they look the same in all scenes. Only
                the options FluxKontextPro, FluxKontextMax and OpenAI-Image-1 use it. Default: true. Dropped: v2 creates
                element images in a separate step.
            enhance_image: Sharpens the images afterwards, by super-resolution at their own size. On scenes, revised v1
                does not, unless it is true. Default: true. Dropped: v2 has no super-resolution switch.
            seed: Seed of the image generation. Dropped: v2 picks its own seed.
            aspect_ratio: Shape of the video. Default: 16:9. The same in v2.
            is_transition: "Yes" adds transitions between the scenes. Default: No. In v2 `is_transition`. Yes and No
                become a boolean, sent only if it is true.
            motion_type: Model that animates the scenes. Default: Auto. In v2 `video_tool`. Renamed; see the table of
                motion types.
            video_tool: Model that animates, in revised v1; wins over `motion_type`. In v2 `video_tool`. Revised v1's
                motion_type; the same table.
            duration: Length of each scene in seconds, 1 to 10. Default: 5. In v2 `scene_duration`. Seconds per scene: 1
                to 7 become 5, 8 to 10 become 10, the only lengths that v2 has.
            scene_duration: Length of each scene in seconds, 5 or 10, in revised v1; wins over `duration`. The same in
                v2.
            loop: How often each motion is repeated, 1 to 6. A narrator overrules it. Default: 1. Dropped: v2 does not
                repeat the motion of a story's scenes.
            language: Language of the texts and the narration, in revised v1. The same in v2.
            elements: Characters, environments and objects that the storyboard must use, as JSON text (revised v1). The
                v2 object; JSON text in a form. Inside, URL becomes image_url.
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
            webhook_url: URL that receives a POST once the story is finished. The same in v2. v2 does not document the
                payload.
        """
        return self._story(_URL_TO_VIDEO, locals())

    def images_to_video(
        self,
        *,
        idea: str | None = None,
        image_urls: Texts,
        title: str | None = None,
        description: str | None = None,
        visibility_status: str | None = None,
        enhance_image: bool | None = None,
        seed: int | None = None,
        aspect_ratio: str | None = None,
        is_transition: bool | str | None = None,
        motion_type: str | None = None,
        video_tool: str | None = None,
        duration: int | None = None,
        scene_duration: int | None = None,
        loop: int | None = None,
        language: str | None = None,
        narrator: str | None = None,
        background_music: bool | None = None,
        sound_effects: bool | str | None = None,
        audio_option: Object | None = None,
        native_audio: bool | None = None,
        has_narration: bool | None = None,
        has_bg_music: bool | None = None,
        webhook_url: str | None = None,
    ) -> StoryT:
        """Make a video from an idea and images.

        v1: ``POST /story/images-2-video``; v2: ``POST /v2/story/images-2-video``.

        Animates one scene for each image URL and joins them. Paid. Revised v1. The whole audio_option is always sent:
        without it, v1 plays music and speaks with Rachel, and v2 with AutoV.

        Args:
            idea: What the video is about; may be empty. Default: "". The same in v2.
            image_urls: URLs of the images, one for each scene, in order; at least one. On a form the key is repeated.
                The same in v2. Uploaded files win over it.
            title: Title of the story. Default: "". The same in v2.
            description: Description of the story. Default: "". Dropped: A v2 story has no description.
            visibility_status: Who can see the story: "0" private, "1" unlisted, "2" public. Default: 1. "0" (private)
                goes to v1, since v2 has no private stories, and so does text that is not a number; "2" (public) is
                dropped; "1" is the default.
            enhance_image: Sharpens the images afterwards, by super-resolution at their own size. On scenes, revised v1
                does not, unless it is true. Default: true. Dropped: v2 has no super-resolution switch.
            seed: Seed of the image generation. Dropped: v2 picks its own seed.
            aspect_ratio: Shape of the video. Default: 16:9. The same in v2.
            is_transition: "Yes" adds transitions between the scenes. Default: No. In v2 `is_transition`. Yes and No
                become a boolean, sent only if it is true.
            motion_type: Model that animates the scenes. Default: Auto. In v2 `video_tool`. Renamed; see the table of
                motion types.
            video_tool: Model that animates, in revised v1; wins over `motion_type`. In v2 `video_tool`. Revised v1's
                motion_type; the same table.
            duration: Length of each scene in seconds, 1 to 10. Default: 5. In v2 `scene_duration`. Seconds per scene: 1
                to 7 become 5, 8 to 10 become 10, the only lengths that v2 has.
            scene_duration: Length of each scene in seconds, 5 or 10, in revised v1; wins over `duration`. The same in
                v2.
            loop: How often each motion is repeated, 1 to 6. A narrator overrules it. Default: 1. Dropped: v2 does not
                repeat the motion of a story's scenes.
            language: Language of the texts and the narration, in revised v1. The same in v2.
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
            webhook_url: URL that receives a POST once the story is finished. The same in v2. v2 does not document the
                payload.
        """
        return self._story(_IMAGES_TO_VIDEO, locals())
