# Written by scripts/derive from openapi/v1.yaml and compat/vimmerse/compat/rules/. Do not edit: change those,
# then run scripts/derive again.

"""Media."""

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

_CREATE_MEDIA = Endpoint(
    "POST /media",
    body="form",
    files=("image_files",),
    repeated=("image_urls",),
    flags=("character_animate", "extend_video", "sound_effects"),
)
_UPLOAD_MEDIA = Endpoint("POST /media/upload", body="multipart", files=("image",))
_CREATE_MEDIA_FROM_PROMPT = Endpoint("POST /media/prompt", body="json")
_GET_MEDIA_STATUS = Endpoint("GET /media/{media_id}/processing-status")
_GET_MEDIA = Endpoint("GET /media/{media_id}", body="query", repeated=("fields",))
_UPDATE_MEDIA = Endpoint("PUT /media/{media_id}", body="form", flags=("sound_effects",))
_EDIT_MEDIA = Endpoint("PUT /media/{media_id}/edit", body="form", flags=("sound_effects",))
_DOWNLOAD_MEDIA = Endpoint("GET /media/{media_id}/download", body="query")
_PROCESS_MEDIA = Endpoint("POST /media/{media_id}/process")


class MediaMethods(EndpointMethods[StoryT, MediaT, FileT]):
    """Media. ``docs/migration.md`` has the value tables."""

    def create_media(
        self,
        *,
        title: str | None = None,
        description: str | None = None,
        visibility_status: str | None = None,
        rating: str | None = None,
        image_urls: Texts | None = None,
        media_items: Objects | None = None,
        prompt: str | None = None,
        motion_type: str | None = None,
        video_tool: str | None = None,
        camera_control: str | None = None,
        quantity: int | None = None,
        duration: int | None = None,
        loop: int | None = None,
        motion_range: int | None = None,
        sound_effects: bool | str | None = None,
        native_audio: bool | None = None,
        audio_option: Object | None = None,
        narrator: str | None = None,
        narration: str | None = None,
        narration_url: str | None = None,
        bg_music_prompt: str | None = None,
        bg_music_url: str | None = None,
        extend_video: bool | str | None = None,
        character_animate: bool | str | None = None,
        model: str | None = None,
        aspect_ratio: str | None = None,
        webhook_url: str | None = None,
        image_files: Files | None = None,
    ) -> MediaT:
        """Make a video from files, URLs or a prompt.

        v1: ``POST /media``; v2: ``POST /v2/media``.

        One image is the first frame, two are first and last; with none the video is made from the prompt alone. Returns
        the new media at once; poll its processing status. Takes forms, no JSON. Paid. Files are uploaded first;
        visibility and rating are set in a second, free call.

        Args:
            title: Title of the media. Default: "". The same in v2.
            description: Description of the media. Default: "". The same in v2.
            visibility_status: Who can see the media: "0" private, "1" unlisted, "2" public. Default: 1. In v2
                `visibility_status`. Other than "1" (unlisted, the default): set by a second, free PUT, so privacy is
                kept.
            rating: Rating of the media; empty for none. In v2 `rating`. Set by a second, free PUT.
            image_urls: URLs of the first and, with a second one, the last frame. The key is repeated. Ignored where
                files are given. In v2 `media_items`. Each becomes an item of type image: one is the first frame, two
                are first and last; of more, the first and the last count.
            media_items: Images and videos to start from or to end with, as the JSON text of a list; the way to extend
                an existing video. Wins over files and URLs. In v2 `media_items`. JSON text becomes an array; wins over
                files and URLs.
            prompt: What happens in the video. Default: "". The same in v2.
            motion_type: Model that animates. Default: Auto. In v2 `video_tool`. Renamed; see the table of motion types.
            video_tool: Model that animates, in revised v1; wins over `motion_type`. In v2 `video_tool`. Revised v1's
                motion_type; the same table.
            camera_control: Path of the camera. Original v1's values are for the motion type Parallax alone, revised v1
                has its own (Static, Crane up, …). Default: HorizontalArc. Dropped: v2 has no camera control; describe
                the camera's motion in the prompt.
            quantity: Number of videos, 1 to 4. Default: 1. The same in v2. 1 to 4.
            duration: Length of the video in seconds, 1 to 10. Default: 5. The same in v2. 1 to 10 seconds.
            loop: How often the motion is repeated, 1 to 6. Default: 1. The same in v2. 1 to 6.
            motion_range: Amount of motion, 1 to 10. Default: 5. Dropped: v2 has no amount of motion; describe it in the
                prompt.
            sound_effects: "Yes" adds sound effects. Default: No. In v2 `audio_option.native_audio`. Yes becomes
                native_audio.
            native_audio: Whether the video model generates the sound (revised v1); wins over `sound_effects`. In v2
                `audio_option.native_audio`. Revised v1's name for sound_effects, and wins over it.
            audio_option: Narration, music and native audio in one object, as JSON text (revised v1); its keys win over
                the single fields. The v2 object itself (JSON text in a form); wins over the flat fields.
            narrator: Voice of `narration` (revised v1, earlier form). In v2 `audio_option.narrator`. Moves into
                audio_option.
            narration: The narration text (revised v1, earlier form). In v2 `audio_option.narration`. Moves into
                audio_option.
            narration_url: URL of a recorded narration, which wins over `narration` (revised v1, earlier form). In v2
                `audio_option.narration_url`. Moves into audio_option.
            bg_music_prompt: The style of the background music (revised v1, earlier form). In v2
                `audio_option.bg_music_prompt`. Moves into audio_option.
            bg_music_url: URL of the background music (revised v1, earlier form). In v2 `audio_option.bg_music_url`.
                Moves into audio_option.
            extend_video: "Yes" extends the video that was given. Default: No. The call is forwarded to v1: v2 does not
                extend an uploaded video.
            character_animate: "Yes" animates a character; a boolean in revised v1. Default: No. The call is forwarded
                to v1: v2 has no try-on or animation models.
            model: Model for animating a character (S2V) or for the motion type TryOnVideo (the others). The call is
                forwarded to v1: v2 has no try-on or animation models.
            aspect_ratio: Shape of the video. The same in v2.
            webhook_url: URL that receives a POST once the media is finished. The same in v2. v2 does not document the
                payload.
            image_files: The first and, with a second one, the last frame; of more, the latest is the last frame. In v2
                `media_items`. Uploaded with POST /v2/image, then items of type image: one is the first frame, two are
                first and last; of more, the first and the last count.
        """
        return self._media(_CREATE_MEDIA, locals())

    def upload_media(
        self,
        *,
        image: Files | None = None,
        data: Object | None = None,
    ) -> MediaT:
        """Make videos from uploaded images, with pose presets.

        v1: ``POST /media/upload``; v2: ``POST /v2/media``.

        Images as files, everything else as the JSON text of one object. A list of pose presets gives one media with
        several motions. Paid. Files are uploaded first. Several pose presets become several v2 media under one
        composite id.

        Args:
            image: The first and, with a second one, the last frame; of more, the latest is the last frame. In v2
                `media_items`. Uploaded with POST /v2/image, then items of type image: one is the first frame, two are
                first and last; of more, the first and the last count.
            data: All other fields, as the JSON text of a MediaUploadData. The fields inside its JSON text, each by the
                rules of POST /media/prompt.
        """
        return self._media(_UPLOAD_MEDIA, locals())

    def create_media_from_prompt(
        self,
        *,
        title: str | None = None,
        description: str | None = None,
        visibility_status: str | None = None,
        primary_user_id: str | None = None,
        rating: str | None = None,
        webhook_url: str | None = None,
        pose_preset: Objects | Object | None = None,
        submit_params: Object | None = None,
    ) -> MediaT:
        """Make videos from a prompt, with pose presets.

        v1: ``POST /media/prompt``; v2: ``POST /v2/media``.

        Like upload, without images; the prompt is in the pose preset. Paid. Several pose presets become several v2
        media under one composite id.

        Args:
            title: Title of the media. Default: "". The same in v2.
            description: Description of the media. Default: "". The same in v2.
            visibility_status: Who can see the media: "0" private, "1" unlisted, "2" public. Default: 1. In v2
                `visibility_status`. Other than "1" (unlisted, the default): set by a second, free PUT, so privacy is
                kept.
            primary_user_id: The customer's own identifier of a user. Dropped: v2 takes the user from the key.
            rating: Rating of the media; empty for none. In v2 `rating`. Set by a second, free PUT.
            webhook_url: URL that receives a POST once the media is finished. The same in v2. v2 does not document the
                payload.
            pose_preset: The motion, or a list of several for one media. MotionType becomes video_tool; the keys of
                Params become prompt, quantity, duration (MotionLength), loop and aspect_ratio. A list of several
                becomes as many v2 media under one composite id.
            submit_params: How the media is processed. sound_effects becomes audio_option.native_audio, pipeline_preset
                becomes pipeline_mode; the rest is dropped.
        """
        return self._media(_CREATE_MEDIA_FROM_PROMPT, locals())

    def get_media_status(self, media_id: Id) -> MediaT:
        """Get the status of a media.

        v1: ``GET /media/{media_id}/processing-status``; v2: ``GET /v2/media/{media_id}``.

        Status and progress only. Works without a key, and real clients send none. Requests only processing_status from
        v2 (?fields=). v1 needs no key here: the configured one is used.
        """
        return self._media(_GET_MEDIA_STATUS, locals())

    def get_media(
        self,
        media_id: Id,
        *,
        fields: Texts | None = None,
    ) -> MediaT:
        """Get a media.

        v1: ``GET /media/{media_id}``; v2: ``GET /v2/media/{media_id}``.

        The media as it is now.

        Args:
            fields: The fields to return, by their names in the response, as `fields=processing_status,result`; without
                it, all. In v2 `fields`. v1's names are requested from v2 as the fields that they come from.
        """
        return self._media(_GET_MEDIA, locals())

    def update_media(
        self,
        media_id: Id,
        *,
        title: str | None = None,
        description: str | None = None,
        visibility_status: str | None = None,
        rating: str | None = None,
        webhook_url: str | None = None,
        prompt: str | None = None,
        motion_type: str | None = None,
        video_tool: str | None = None,
        quantity: int | None = None,
        duration: int | None = None,
        loop: int | None = None,
        aspect_ratio: str | None = None,
        sound_effects: bool | str | None = None,
        media_items: Objects | None = None,
        camera_control: str | None = None,
        model: str | None = None,
        audio_option: Object | None = None,
        native_audio: bool | None = None,
        narrator: str | None = None,
        narration: str | None = None,
        narration_url: str | None = None,
        bg_music_prompt: str | None = None,
        bg_music_url: str | None = None,
    ) -> MediaT:
        """Update a media (path of revised v1).

        v1: ``PUT /media/{media_id}``; v2: ``PUT /v2/media/{media_id}``.

        The edit of revised v1. Title, description, visibility, rating and webhook are free; every other field starts a
        new, paid generation. Only the fields of the call are sent: title, description, visibility_status, rating and
        webhook_url are free, anything else starts a new, paid generation, as in v1.

        Args:
            title: New title; unchanged if omitted. Free. Same; free.
            description: New description; unchanged if omitted. Free. Same; free.
            visibility_status: Who can see the media: "0" private, "1" unlisted, "2" public. Unchanged if omitted. Free.
                Same; free.
            rating: New rating; unchanged if omitted. Free. Same; free.
            webhook_url: URL that receives a POST once the media is finished; unchanged if omitted. Free. Same; free. v2
                does not document the payload.
            prompt: What happens in the video; unchanged if omitted. Paid. The same in v2.
            motion_type: Model that animates; unchanged if omitted. Paid. In v2 `video_tool`. Renamed; see the table of
                motion types.
            video_tool: Paid. In v2 `video_tool`. Revised v1's motion_type; the same table.
            quantity: Number of videos, 1 to 4; unchanged if omitted. Paid. The same in v2. 1 to 4.
            duration: Length of the video in seconds, 1 to 10; unchanged if omitted. Paid. The same in v2. 1 to 10
                seconds.
            loop: How often the motion is repeated, 1 to 6; unchanged if omitted. Paid. The same in v2. 1 to 6.
            aspect_ratio: Shape of the video; unchanged if omitted. Paid. The same in v2.
            sound_effects: "Yes" adds sound effects; unchanged if omitted. Paid. In v2 `audio_option.native_audio`. Yes
                becomes native_audio.
            media_items: Images and videos to start from or to end with, as the JSON text of a list; the way to extend
                an existing video. Wins over files and URLs. In v2 `media_items`. JSON text becomes an array; wins over
                files and URLs.
            camera_control: Path of the camera; unchanged if omitted. Paid. Dropped: v2 has no camera control; describe
                the camera's motion in the prompt.
            model: Model for animating a character (S2V) or for the motion type TryOnVideo (the others). The call is
                forwarded to v1: v2 has no try-on or animation models.
            audio_option: Narration, music and native audio in one object, as JSON text (revised v1); its keys win over
                the single fields. The v2 object itself (JSON text in a form); wins over the flat fields.
            native_audio: Whether the video model generates the sound (revised v1); wins over `sound_effects`. In v2
                `audio_option.native_audio`. Revised v1's name for sound_effects, and wins over it.
            narrator: Voice of `narration` (revised v1, earlier form). In v2 `audio_option.narrator`. Moves into
                audio_option.
            narration: The narration text (revised v1, earlier form). In v2 `audio_option.narration`. Moves into
                audio_option.
            narration_url: URL of a recorded narration, which wins over `narration` (revised v1, earlier form). In v2
                `audio_option.narration_url`. Moves into audio_option.
            bg_music_prompt: The style of the background music (revised v1, earlier form). In v2
                `audio_option.bg_music_prompt`. Moves into audio_option.
            bg_music_url: URL of the background music (revised v1, earlier form). In v2 `audio_option.bg_music_url`.
                Moves into audio_option.
        """
        return self._media(_UPDATE_MEDIA, locals())

    def edit_media(
        self,
        media_id: Id,
        *,
        title: str | None = None,
        description: str | None = None,
        visibility_status: str | None = None,
        rating: str | None = None,
        webhook_url: str | None = None,
        prompt: str | None = None,
        motion_type: str | None = None,
        video_tool: str | None = None,
        quantity: int | None = None,
        duration: int | None = None,
        loop: int | None = None,
        aspect_ratio: str | None = None,
        sound_effects: bool | str | None = None,
        media_items: Objects | None = None,
        camera_control: str | None = None,
        model: str | None = None,
        audio_option: Object | None = None,
        native_audio: bool | None = None,
        narrator: str | None = None,
        narration: str | None = None,
        narration_url: str | None = None,
        bg_music_prompt: str | None = None,
        bg_music_url: str | None = None,
    ) -> MediaT:
        """Update a media.

        v1: ``PUT /media/{media_id}/edit``; v2: ``PUT /v2/media/{media_id}``.

        Title, description, visibility, rating and webhook are free; `prompt`, `motion_type`, `quantity`, `duration`,
        `loop`, `aspect_ratio` and `sound_effects` start a new, paid generation, and so do the fields of revised v1.
        Only the fields of the call are sent: title, description, visibility_status, rating and webhook_url are free,
        anything else starts a new, paid generation, as in v1.

        Args:
            title: New title; unchanged if omitted. Free. Same; free.
            description: New description; unchanged if omitted. Free. Same; free.
            visibility_status: Who can see the media: "0" private, "1" unlisted, "2" public. Unchanged if omitted. Free.
                Same; free.
            rating: New rating; unchanged if omitted. Free. Same; free.
            webhook_url: URL that receives a POST once the media is finished; unchanged if omitted. Free. Same; free. v2
                does not document the payload.
            prompt: What happens in the video; unchanged if omitted. Paid. The same in v2.
            motion_type: Model that animates; unchanged if omitted. Paid. In v2 `video_tool`. Renamed; see the table of
                motion types.
            video_tool: Paid. In v2 `video_tool`. Revised v1's motion_type; the same table.
            quantity: Number of videos, 1 to 4; unchanged if omitted. Paid. The same in v2. 1 to 4.
            duration: Length of the video in seconds, 1 to 10; unchanged if omitted. Paid. The same in v2. 1 to 10
                seconds.
            loop: How often the motion is repeated, 1 to 6; unchanged if omitted. Paid. The same in v2. 1 to 6.
            aspect_ratio: Shape of the video; unchanged if omitted. Paid. The same in v2.
            sound_effects: "Yes" adds sound effects; unchanged if omitted. Paid. In v2 `audio_option.native_audio`. Yes
                becomes native_audio.
            media_items: Images and videos to start from or to end with, as the JSON text of a list; the way to extend
                an existing video. Wins over files and URLs. In v2 `media_items`. JSON text becomes an array; wins over
                files and URLs.
            camera_control: Path of the camera; unchanged if omitted. Paid. Dropped: v2 has no camera control; describe
                the camera's motion in the prompt.
            model: Model for animating a character (S2V) or for the motion type TryOnVideo (the others). The call is
                forwarded to v1: v2 has no try-on or animation models.
            audio_option: Narration, music and native audio in one object, as JSON text (revised v1); its keys win over
                the single fields. The v2 object itself (JSON text in a form); wins over the flat fields.
            native_audio: Whether the video model generates the sound (revised v1); wins over `sound_effects`. In v2
                `audio_option.native_audio`. Revised v1's name for sound_effects, and wins over it.
            narrator: Voice of `narration` (revised v1, earlier form). In v2 `audio_option.narrator`. Moves into
                audio_option.
            narration: The narration text (revised v1, earlier form). In v2 `audio_option.narration`. Moves into
                audio_option.
            narration_url: URL of a recorded narration, which wins over `narration` (revised v1, earlier form). In v2
                `audio_option.narration_url`. Moves into audio_option.
            bg_music_prompt: The style of the background music (revised v1, earlier form). In v2
                `audio_option.bg_music_prompt`. Moves into audio_option.
            bg_music_url: URL of the background music (revised v1, earlier form). In v2 `audio_option.bg_music_url`.
                Moves into audio_option.
        """
        return self._media(_EDIT_MEDIA, locals())

    def download_media(
        self,
        media_id: Id,
        *,
        object_type: str | None = None,
        motion_type: str | None = None,
        width: int | None = None,
        file_size: float | None = None,
    ) -> FileT:
        """Download a file of a media.

        v1: ``GET /media/{media_id}/download``; v2: ``GET /v2/media/{media_id}``.

        The bytes of a video, GIF or source file. Looks the media up, then streams the result file; the key never goes
        to the file's host.

        Args:
            object_type: Kind of file. The call is forwarded to v1: v2 keeps only the finished videos; only v1 has GIFs
                and source files.
            motion_type: Motion whose video to download, with a number if there are several: "Auto" or "Auto1" is the
                first of the motion Auto, "Auto2" the second. In v2 `result`. Auto2 is the second of the Auto results;
                Auto is the first.
            width: Width of the video in pixels. Dropped: v2 serves the video in one size.
            file_size: Largest size of the file in megabytes. Dropped: v2 serves the video in one size.
        """
        return self._file(_DOWNLOAD_MEDIA, locals())

    def process_media(self, media_id: Id) -> MediaT:
        """Generate a media's videos again.

        v1: ``POST /media/{media_id}/process``; v2: ``PUT /v2/media/{media_id}``.

        Repeats the generation with the media's own settings. Paid. No body. Looks the media up, and sends its own
        prompt, tool, duration, quantity and loop again: paid, as in v1.
        """
        return self._media(_PROCESS_MEDIA, locals())
