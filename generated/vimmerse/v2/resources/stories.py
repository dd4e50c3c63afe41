# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""``client.stories``."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Unpack, cast

from vimmerse._resources.arguments import id_of
from vimmerse._resources.base import (
    AsyncResource,
    Resource,
    raw,
    raw_async,
    send_raw,
    send_raw_async,
)

from .. import api, models

if TYPE_CHECKING:
    from ..models import (
        AspectRatio,
        DeletedStory,
        Elements,
        ImageTool,
        Language,
        Story,
        StoryAudioOption,
        Storyboard,
        VideoTool,
    )
    from ..params import ElementsParams, StoryAudioOptionParams, StoryboardParams
    from ..types import RequestOptions


class StoriesResource(Resource):
    """Videos of several scenes, created in one call or step by step."""

    @cached_property
    def with_raw_response(self) -> StoriesResourceWithRawResponse:
        """The same methods, which return a ``Response``: status, headers, the model as ``parsed``."""
        return StoriesResourceWithRawResponse(StoriesResource(self._client, send_raw))

    def create(
        self,
        *,
        idea: str,
        title: str | None = None,
        aspect_ratio: AspectRatio | str | None = None,
        scene_count: int | None = None,
        image_tool: ImageTool | str | None = None,
        video_tool: VideoTool | str | None = None,
        scene_duration: int | None = None,
        is_transition: bool | None = None,
        elements: Elements | ElementsParams | None = None,
        audio_option: StoryAudioOption | StoryAudioOptionParams | None = None,
        language: Language | str | None = None,
        webhook_url: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Story:
        """Create a video from an idea.

        Runs all steps: storyboard, element images, scenes, narration and music, animation,
        composition. Narration and music cost nothing more than the scenes' videos. On Business
        plans 100 credits are US$1.00. `used_credits` also counts the credits of each pipeline step
        as it runs, if it has any: it may be the full price at once, or 0 at first. The story is
        finished when its status is `success`; `client.stories.get` then returns its `video_url`.
        Paid: about rate x scene_count x scene_duration credits, doubled by native audio, where the
        rate is 10 a second, or 5 for AutoT1, PVideo and VeoLite.

        An argument that is None is not sent: the service uses its default, or leaves the value as
        it is.

        Args:
            idea: What the video is about.
            title: Title of the story.
            aspect_ratio: Aspect ratio of the images and the video. Known values: 16:9, 4:3, 1:1,
                3:4, 9:16.
            scene_count: Number of scenes. Default: 3 (inferred).
            image_tool: The model that generates the images. Known values: AutoI, Seedream,
                FluxTurbo, NanoBanana, QwenImage.
            video_tool: The model that animates, which determines the price. Default: Auto
                (inferred). Known values: Auto, KlingAI, Seedance, Pixverse, VeoFast, Vidu, AutoT1,
                PVideo, VeoLite.
            scene_duration: Length of each scene in seconds, 5 or 10 (the bound is published, not
                documented). Default: 5 (inferred).
            is_transition: Whether each scene flows into the next one.
            elements: Elements for the storyboard to use. Keys of Elements: characters,
                environments, objects.
            audio_option: The sound of the story. Keys of StoryAudioOption: narrator, has_narration,
                has_bg_music, native_audio.
            language: Language of the narration. Known values: Arabic, Chinese, English, French,
                German, Hindi, Japanese, Korean, Spanish, Turkish.
            webhook_url: URL for a POST once the story is final.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Story: The new story. `client.wait(story)` returns the finished story, and
                `client.download(story, path)` then saves its video.

        Raises:
            BadRequestError: The request is invalid; `code` says why.
            AuthenticationError: The API key is missing or unknown. The key is not allowed to make
                this call.
            InsufficientCreditError: The account has too few credits for this call.
            ValidationError: The body or a parameter is malformed; `detail` locates each problem.
            ApiError: Any other refusal. It is the base of these, and has `status`, `code` and
                `message`.
            httpx.TransportError: There was no response; the service may have carried out the call.
            TypeError, ValueError: An argument is not usable; nothing was sent.
        """
        return self._send(
            api.story.idea_to_video._OPERATION,
            api.story.idea_to_video._get_kwargs(
                body=models.IdeaToVideoRequest(
                    idea=idea,
                    title=title,
                    aspect_ratio=aspect_ratio,
                    scene_count=scene_count,
                    image_tool=image_tool,
                    video_tool=video_tool,
                    scene_duration=scene_duration,
                    is_transition=is_transition,
                    elements=cast(Any, elements),
                    audio_option=cast(Any, audio_option),
                    language=language,
                    webhook_url=webhook_url,
                )
            ),
            options,
        )

    def create_from_url(
        self,
        *,
        idea: str,
        title: str | None = None,
        aspect_ratio: AspectRatio | str | None = None,
        scene_count: int | None = None,
        image_tool: ImageTool | str | None = None,
        video_tool: VideoTool | str | None = None,
        scene_duration: int | None = None,
        is_transition: bool | None = None,
        elements: Elements | ElementsParams | None = None,
        audio_option: StoryAudioOption | StoryAudioOptionParams | None = None,
        language: Language | str | None = None,
        webhook_url: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Story:
        """Create a video about a website.

        Creates a story from the idea and from the page whose URL is given in `idea`. Otherwise
        works like `client.stories.create`. Paid: about rate x scene_count x scene_duration credits,
        doubled by native audio, where the rate is 10 a second, or 5 for AutoT1, PVideo and VeoLite.

        An argument that is None is not sent: the service uses its default, or leaves the value as
        it is.

        Args:
            idea: What the video is about, including the website's URL.
            title: Title of the story.
            aspect_ratio: Aspect ratio of the images and the video. Known values: 16:9, 4:3, 1:1,
                3:4, 9:16.
            scene_count: Number of scenes. Default: 3 (inferred).
            image_tool: The model that generates the images. Known values: AutoI, Seedream,
                FluxTurbo, NanoBanana, QwenImage.
            video_tool: The model that animates, which determines the price. Default: Auto
                (inferred). Known values: Auto, KlingAI, Seedance, Pixverse, VeoFast, Vidu, AutoT1,
                PVideo, VeoLite.
            scene_duration: Length of each scene in seconds, 5 or 10 (the bound is published, not
                documented). Default: 5 (inferred).
            is_transition: Whether each scene flows into the next one.
            elements: Elements for the storyboard to use. Keys of Elements: characters,
                environments, objects.
            audio_option: The sound of the story. Keys of StoryAudioOption: narrator, has_narration,
                has_bg_music, native_audio.
            language: Language of the narration. Known values: Arabic, Chinese, English, French,
                German, Hindi, Japanese, Korean, Spanish, Turkish.
            webhook_url: URL for a POST once the story is final.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Story: The new story. `client.wait(story)` returns the finished story, and
                `client.download(story, path)` then saves its video.

        Raises:
            BadRequestError: The request is invalid; `code` says why.
            AuthenticationError: The API key is missing or unknown. The key is not allowed to make
                this call.
            InsufficientCreditError: The account has too few credits for this call.
            ValidationError: The body or a parameter is malformed; `detail` locates each problem.
            ApiError: Any other refusal. It is the base of these, and has `status`, `code` and
                `message`.
            httpx.TransportError: There was no response; the service may have carried out the call.
            TypeError, ValueError: An argument is not usable; nothing was sent.
        """
        return self._send(
            api.story.url_to_video._OPERATION,
            api.story.url_to_video._get_kwargs(
                body=models.UrlToVideoRequest(
                    idea=idea,
                    title=title,
                    aspect_ratio=aspect_ratio,
                    scene_count=scene_count,
                    image_tool=image_tool,
                    video_tool=video_tool,
                    scene_duration=scene_duration,
                    is_transition=is_transition,
                    elements=cast(Any, elements),
                    audio_option=cast(Any, audio_option),
                    language=language,
                    webhook_url=webhook_url,
                )
            ),
            options,
        )

    def create_from_images(
        self,
        *,
        image_urls: list[str] | tuple[str, ...],
        idea: str | None = None,
        title: str | None = None,
        aspect_ratio: AspectRatio | str | None = None,
        video_tool: VideoTool | str | None = None,
        scene_duration: int | None = None,
        is_transition: bool | None = None,
        audio_option: StoryAudioOption | StoryAudioOptionParams | None = None,
        language: Language | str | None = None,
        webhook_url: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Story:
        """Create a video from images.

        Animates each image as one scene, adds narration and music and composes the video. The
        number of scenes is the number of images. Paid: about rate x number of image_urls x
        scene_duration credits, doubled by native audio, where the rate is 10 a second, or 5 for
        AutoT1, PVideo and VeoLite.

        An argument that is None is not sent: the service uses its default, or leaves the value as
        it is.

        Args:
            image_urls: URLs of the images, in order; each becomes a scene.
            idea: What the video is about.
            title: Title of the story.
            aspect_ratio: Aspect ratio of the video. Known values: 16:9, 4:3, 1:1, 3:4, 9:16.
            video_tool: The model that animates, which determines the price. Default: Auto
                (inferred). Known values: Auto, KlingAI, Seedance, Pixverse, VeoFast, Vidu, AutoT1,
                PVideo, VeoLite.
            scene_duration: Length of each scene in seconds, 5 or 10 (the bound is published, not
                documented). Default: 5 (inferred).
            is_transition: Whether each image flows into the next one.
            audio_option: The sound of the story. Keys of StoryAudioOption: narrator, has_narration,
                has_bg_music, native_audio.
            language: Language of the narration. Known values: Arabic, Chinese, English, French,
                German, Hindi, Japanese, Korean, Spanish, Turkish.
            webhook_url: URL for a POST once the story is final.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Story: The new story. `client.wait(story)` returns the finished story, and
                `client.download(story, path)` then saves its video.

        Raises:
            BadRequestError: The request is invalid; `code` says why.
            AuthenticationError: The API key is missing or unknown. The key is not allowed to make
                this call.
            InsufficientCreditError: The account has too few credits for this call.
            ValidationError: The body or a parameter is malformed; `detail` locates each problem.
            ApiError: Any other refusal. It is the base of these, and has `status`, `code` and
                `message`.
            httpx.TransportError: There was no response; the service may have carried out the call.
            TypeError, ValueError: An argument is not usable; nothing was sent.
        """
        return self._send(
            api.story.images_to_video._OPERATION,
            api.story.images_to_video._get_kwargs(
                body=models.ImagesToVideoRequest(
                    image_urls=cast(Any, image_urls),
                    idea=idea,
                    title=title,
                    aspect_ratio=aspect_ratio,
                    video_tool=video_tool,
                    scene_duration=scene_duration,
                    is_transition=is_transition,
                    audio_option=cast(Any, audio_option),
                    language=language,
                    webhook_url=webhook_url,
                )
            ),
            options,
        )

    def create_storyboard(
        self,
        *,
        idea: str | None = None,
        image_urls: list[str] | tuple[str, ...] | None = None,
        scene_count: int | None = None,
        title: str | None = None,
        language: Language | str | None = None,
        aspect_ratio: AspectRatio | str | None = None,
        elements: Elements | ElementsParams | None = None,
        audio_option: StoryAudioOption | StoryAudioOptionParams | None = None,
        **options: Unpack[RequestOptions],
    ) -> Story:
        """Step 1: create a story and its storyboard.

        Starts the step-by-step workflow from an idea, from image URLs, or from both. With images,
        there are as many scenes as images. Native audio chosen here doubles the price of step 3.
        The vendor's example shows that this step used 0 credits, though a call without credits may
        be rejected. Free.

        An argument that is None is not sent: the service uses its default, or leaves the value as
        it is.

        Args:
            idea: What the video is about.
            image_urls: URLs of the scenes' images, in order; each becomes a scene.
            scene_count: Number of scenes. Default: 3 (inferred).
            title: Title of the story.
            language: Language of the narration. Known values: Arabic, Chinese, English, French,
                German, Hindi, Japanese, Korean, Spanish, Turkish.
            aspect_ratio: Aspect ratio of the images and the video. Known values: 16:9, 4:3, 1:1,
                3:4, 9:16.
            elements: Elements for the storyboard to use. Keys of Elements: characters,
                environments, objects.
            audio_option: The sound of the story. Keys of StoryAudioOption: narrator, has_narration,
                has_bg_music, native_audio.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Story: The new story with its storyboard. Continue with `create_elements` or
                `create_scenes`; until `create_videos` there is nothing to wait for.

        Raises:
            BadRequestError: The request is invalid; `code` says why.
            AuthenticationError: The API key is missing or unknown. The key is not allowed to make
                this call.
            InsufficientCreditError: The account has too few credits for this call.
            ValidationError: The body or a parameter is malformed; `detail` locates each problem.
            ApiError: Any other refusal. It is the base of these, and has `status`, `code` and
                `message`.
            httpx.TransportError: There was no response; the service may have carried out the call.
            TypeError, ValueError: An argument is not usable; nothing was sent.
        """
        return self._send(
            api.story.create_storyboard._OPERATION,
            api.story.create_storyboard._get_kwargs(
                body=models.CreateStoryboardRequest(
                    idea=idea,
                    image_urls=cast(Any, image_urls),
                    scene_count=scene_count,
                    title=title,
                    language=language,
                    aspect_ratio=aspect_ratio,
                    elements=cast(Any, elements),
                    audio_option=cast(Any, audio_option),
                )
            ),
            options,
        )

    def create_elements(
        self,
        story_id: str | Story,
        *,
        image_tool: ImageTool | str | None = None,
        aspect_ratio: AspectRatio | str | None = None,
        storyboard: Storyboard | StoryboardParams | None = None,
        **options: Unpack[RequestOptions],
    ) -> Story:
        """Step 1.5: create the images of the elements.

        Generates images of the storyboard's characters, objects and environments. An element that
        already has an image URL keeps its image. Optional: step 2 can follow step 1 directly. Takes
        no audio option. The vendor's sample waits up to 120 seconds for the response, whose example
        shows 0 credits used. Free.

        An argument that is None is not sent: the service uses its default, or leaves the value as
        it is.

        Args:
            story_id: The story's `id`, or the Story itself.
            image_tool: The model that generates the images. Known values: AutoI, Seedream,
                FluxTurbo, NanoBanana, QwenImage.
            aspect_ratio: Aspect ratio of the images. Known values: 16:9, 4:3, 1:1, 3:4, 9:16.
            storyboard: Replaces the story's storyboard; if omitted, it is kept. That this is
                allowed is inferred. Keys of Storyboard: scenes, characters, environments, objects,
                music.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Story: The story; its elements have images. Continue with `create_scenes`.

        Raises:
            BadRequestError: The request is invalid; `code` says why.
            AuthenticationError: The API key is missing or unknown. The key is not allowed to make
                this call.
            InsufficientCreditError: The account has too few credits for this call.
            NotFoundError: The story or media does not exist, or belongs to another account.
            ValidationError: The body or a parameter is malformed; `detail` locates each problem.
            ApiError: Any other refusal. It is the base of these, and has `status`, `code` and
                `message`.
            httpx.TransportError: There was no response; the service may have carried out the call.
            TypeError, ValueError: An argument is not usable; nothing was sent.
        """
        return self._send(
            api.story.create_elements._OPERATION,
            api.story.create_elements._get_kwargs(
                story_id=id_of("story_id", story_id, models.Story),
                body=models.CreateElementsRequest(
                    image_tool=image_tool,
                    aspect_ratio=aspect_ratio,
                    storyboard=cast(Any, storyboard),
                ),
            ),
            options,
        )

    def create_scenes(
        self,
        story_id: str | Story,
        *,
        image_tool: ImageTool | str | None = None,
        aspect_ratio: AspectRatio | str | None = None,
        audio_option: StoryAudioOption | StoryAudioOptionParams | None = None,
        storyboard: Storyboard | StoryboardParams | None = None,
        **options: Unpack[RequestOptions],
    ) -> Story:
        """Step 2: create the scenes' images and narration.

        Generates the image and the narration of each scene of the storyboard that has none yet. The
        vendor's sample waits up to 180 seconds for the response, whose example shows 0 credits
        used. Free.

        An argument that is None is not sent: the service uses its default, or leaves the value as
        it is.

        Args:
            story_id: The story's `id`, or the Story itself.
            image_tool: The model that generates the images. Known values: AutoI, Seedream,
                FluxTurbo, NanoBanana, QwenImage.
            aspect_ratio: Aspect ratio of the images. Known values: 16:9, 4:3, 1:1, 3:4, 9:16.
            audio_option: The sound of the story. Keys of StoryAudioOption: narrator, has_narration,
                has_bg_music, native_audio.
            storyboard: Replaces the story's storyboard; if omitted, it is kept. That this is
                allowed is inferred. Keys of Storyboard: scenes, characters, environments, objects,
                music.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Story: The story; its scenes have images and narration. Continue with `create_videos`.

        Raises:
            BadRequestError: The request is invalid; `code` says why.
            AuthenticationError: The API key is missing or unknown. The key is not allowed to make
                this call.
            InsufficientCreditError: The account has too few credits for this call.
            NotFoundError: The story or media does not exist, or belongs to another account.
            ValidationError: The body or a parameter is malformed; `detail` locates each problem.
            ApiError: Any other refusal. It is the base of these, and has `status`, `code` and
                `message`.
            httpx.TransportError: There was no response; the service may have carried out the call.
            TypeError, ValueError: An argument is not usable; nothing was sent.
        """
        return self._send(
            api.story.create_scenes._OPERATION,
            api.story.create_scenes._get_kwargs(
                story_id=id_of("story_id", story_id, models.Story),
                body=models.CreateScenesRequest(
                    image_tool=image_tool,
                    aspect_ratio=aspect_ratio,
                    audio_option=cast(Any, audio_option),
                    storyboard=cast(Any, storyboard),
                ),
            ),
            options,
        )

    def create_videos(
        self,
        story_id: str | Story,
        *,
        title: str | None = None,
        video_tool: VideoTool | str | None = None,
        duration: int | None = None,
        is_transition: bool | None = None,
        storyboard: Storyboard | StoryboardParams | None = None,
        webhook_url: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Story:
        """Step 3: create the videos and compose the story.

        Animates the scene images and composes the story. Takes no audio option: sound is chosen at
        step 1 or 2. It is the step whose example shows credits used. That its price follows the
        formula of the one-call flows, with the story's own scenes, if none are given, and its own
        native audio, is inferred. Paid: about rate x number of storyboard.scenes x duration
        credits, doubled by native audio, where the rate is 10 a second, or 5 for AutoT1, PVideo and
        VeoLite.

        An argument that is None is not sent: the service uses its default, or leaves the value as
        it is.

        Args:
            story_id: The story's `id`, or the Story itself.
            title: New title of the story.
            video_tool: The model that animates, which determines the price. Default: Auto
                (inferred). Known values: Auto, KlingAI, Seedance, Pixverse, VeoFast, Vidu, AutoT1,
                PVideo, VeoLite.
            duration: Length of each scene in seconds, 1 to 10 (version 1's bounds). Default: 5
                (inferred).
            is_transition: Whether each scene flows into the next one.
            storyboard: Replaces the story's storyboard; if omitted, it is kept. That this is
                allowed is inferred. Keys of Storyboard: scenes, characters, environments, objects,
                music.
            webhook_url: URL for a POST once the story is final.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Story: The story; its media are being generated. `client.wait(story)` returns the
                finished story, and `client.download(story, path)` then saves its video.

        Raises:
            BadRequestError: The request is invalid; `code` says why.
            AuthenticationError: The API key is missing or unknown. The key is not allowed to make
                this call.
            InsufficientCreditError: The account has too few credits for this call.
            NotFoundError: The story or media does not exist, or belongs to another account.
            ValidationError: The body or a parameter is malformed; `detail` locates each problem.
            ApiError: Any other refusal. It is the base of these, and has `status`, `code` and
                `message`.
            httpx.TransportError: There was no response; the service may have carried out the call.
            TypeError, ValueError: An argument is not usable; nothing was sent.
        """
        return self._send(
            api.story.create_videos._OPERATION,
            api.story.create_videos._get_kwargs(
                story_id=id_of("story_id", story_id, models.Story),
                body=models.CreateVideosRequest(
                    title=title,
                    video_tool=video_tool,
                    duration=duration,
                    is_transition=is_transition,
                    storyboard=cast(Any, storyboard),
                    webhook_url=webhook_url,
                ),
            ),
            options,
        )

    def concat(
        self,
        story_id: str | Story,
        *,
        concat_video_urls: list[str] | tuple[str, ...] | None = None,
        audio_urls: list[str] | tuple[str, ...] | None = None,
        **options: Unpack[RequestOptions],
    ) -> Story:
        """Compose the story again.

        Joins the story's videos, or those named in the body, under the given audio tracks.
        `video_url` of the story holds the result once it is ready. Its price is not published.

        An argument that is None is not sent: the service uses its default, or leaves the value as
        it is.

        Args:
            story_id: The story's `id`, or the Story itself.
            concat_video_urls: URLs of the videos to join, in order.
            audio_urls: URLs of the audio tracks of the joined video.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Story: The story.

        Raises:
            BadRequestError: The request is invalid; `code` says why.
            AuthenticationError: The API key is missing or unknown. The key is not allowed to make
                this call.
            InsufficientCreditError: The account has too few credits for this call.
            NotFoundError: The story or media does not exist, or belongs to another account.
            ValidationError: The body or a parameter is malformed; `detail` locates each problem.
            ApiError: Any other refusal. It is the base of these, and has `status`, `code` and
                `message`.
            httpx.TransportError: There was no response; the service may have carried out the call.
            TypeError, ValueError: An argument is not usable; nothing was sent.
        """
        return self._send(
            api.story.concat_story._OPERATION,
            api.story.concat_story._get_kwargs(
                story_id=id_of("story_id", story_id, models.Story),
                body=models.ConcatStoryRequest(
                    concat_video_urls=cast(Any, concat_video_urls), audio_urls=cast(Any, audio_urls)
                ),
            ),
            options,
        )

    def get(
        self,
        story_id: str | Story,
        **options: Unpack[RequestOptions],
    ) -> Story:
        """Get a story.

        When `status` is `success`, `video_url` is the video. Free.

        Args:
            story_id: The story's `id`, or the Story itself.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Story: The story. `client.wait(story)` returns it when it is finished.

        Raises:
            BadRequestError: The request is invalid; `code` says why.
            AuthenticationError: The API key is missing or unknown. The key is not allowed to make
                this call.
            NotFoundError: The story or media does not exist, or belongs to another account.
            ValidationError: The body or a parameter is malformed; `detail` locates each problem.
            ApiError: Any other refusal. It is the base of these, and has `status`, `code` and
                `message`.
            httpx.TransportError: There was no response.
            TypeError, ValueError: An argument is not usable; nothing was sent.
        """
        return self._send(
            api.story.get_story._OPERATION,
            api.story.get_story._get_kwargs(story_id=id_of("story_id", story_id, models.Story)),
            options,
        )

    def delete(
        self,
        story_id: str | Story,
        **options: Unpack[RequestOptions],
    ) -> DeletedStory:
        """Delete a story permanently.

        Only the story's owner may do this. It can't be undone. Free.

        Args:
            story_id: The story's `id`, or the Story itself.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            DeletedStory: The story as it last was, or an empty object.

        Raises:
            BadRequestError: The request is invalid; `code` says why.
            AuthenticationError: The API key is missing or unknown. The key is not allowed to make
                this call.
            NotFoundError: The story or media does not exist, or belongs to another account.
            ValidationError: The body or a parameter is malformed; `detail` locates each problem.
            ApiError: Any other refusal. It is the base of these, and has `status`, `code` and
                `message`.
            httpx.TransportError: There was no response; the service may have carried out the call.
            TypeError, ValueError: An argument is not usable; nothing was sent.
        """
        return self._send(
            api.story.delete_story._OPERATION,
            api.story.delete_story._get_kwargs(story_id=id_of("story_id", story_id, models.Story)),
            options,
        )


class StoriesResourceWithRawResponse:
    """The methods of :class:`StoriesResource`, which return a ``Response``."""

    def __init__(self, resource: StoriesResource) -> None:
        self.create: Final = raw(resource.create)
        self.create_from_url: Final = raw(resource.create_from_url)
        self.create_from_images: Final = raw(resource.create_from_images)
        self.create_storyboard: Final = raw(resource.create_storyboard)
        self.create_elements: Final = raw(resource.create_elements)
        self.create_scenes: Final = raw(resource.create_scenes)
        self.create_videos: Final = raw(resource.create_videos)
        self.concat: Final = raw(resource.concat)
        self.get: Final = raw(resource.get)
        self.delete: Final = raw(resource.delete)


class AsyncStoriesResource(AsyncResource):
    """Videos of several scenes, created in one call or step by step."""

    @cached_property
    def with_raw_response(self) -> AsyncStoriesResourceWithRawResponse:
        """The same methods, which return a ``Response``: status, headers, the model as ``parsed``."""
        return AsyncStoriesResourceWithRawResponse(
            AsyncStoriesResource(self._client, send_raw_async)
        )

    async def create(
        self,
        *,
        idea: str,
        title: str | None = None,
        aspect_ratio: AspectRatio | str | None = None,
        scene_count: int | None = None,
        image_tool: ImageTool | str | None = None,
        video_tool: VideoTool | str | None = None,
        scene_duration: int | None = None,
        is_transition: bool | None = None,
        elements: Elements | ElementsParams | None = None,
        audio_option: StoryAudioOption | StoryAudioOptionParams | None = None,
        language: Language | str | None = None,
        webhook_url: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Story:
        """Create a video from an idea.

        Runs all steps: storyboard, element images, scenes, narration and music, animation,
        composition. Narration and music cost nothing more than the scenes' videos. On Business
        plans 100 credits are US$1.00. `used_credits` also counts the credits of each pipeline step
        as it runs, if it has any: it may be the full price at once, or 0 at first. The story is
        finished when its status is `success`; `client.stories.get` then returns its `video_url`.
        Paid: about rate x scene_count x scene_duration credits, doubled by native audio, where the
        rate is 10 a second, or 5 for AutoT1, PVideo and VeoLite.

        An argument that is None is not sent: the service uses its default, or leaves the value as
        it is.

        Args:
            idea: What the video is about.
            title: Title of the story.
            aspect_ratio: Aspect ratio of the images and the video. Known values: 16:9, 4:3, 1:1,
                3:4, 9:16.
            scene_count: Number of scenes. Default: 3 (inferred).
            image_tool: The model that generates the images. Known values: AutoI, Seedream,
                FluxTurbo, NanoBanana, QwenImage.
            video_tool: The model that animates, which determines the price. Default: Auto
                (inferred). Known values: Auto, KlingAI, Seedance, Pixverse, VeoFast, Vidu, AutoT1,
                PVideo, VeoLite.
            scene_duration: Length of each scene in seconds, 5 or 10 (the bound is published, not
                documented). Default: 5 (inferred).
            is_transition: Whether each scene flows into the next one.
            elements: Elements for the storyboard to use. Keys of Elements: characters,
                environments, objects.
            audio_option: The sound of the story. Keys of StoryAudioOption: narrator, has_narration,
                has_bg_music, native_audio.
            language: Language of the narration. Known values: Arabic, Chinese, English, French,
                German, Hindi, Japanese, Korean, Spanish, Turkish.
            webhook_url: URL for a POST once the story is final.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Story: The new story. `client.wait(story)` returns the finished story, and
                `client.download(story, path)` then saves its video.

        Raises:
            BadRequestError: The request is invalid; `code` says why.
            AuthenticationError: The API key is missing or unknown. The key is not allowed to make
                this call.
            InsufficientCreditError: The account has too few credits for this call.
            ValidationError: The body or a parameter is malformed; `detail` locates each problem.
            ApiError: Any other refusal. It is the base of these, and has `status`, `code` and
                `message`.
            httpx.TransportError: There was no response; the service may have carried out the call.
            TypeError, ValueError: An argument is not usable; nothing was sent.
        """
        return await self._send(
            api.story.idea_to_video._OPERATION,
            api.story.idea_to_video._get_kwargs(
                body=models.IdeaToVideoRequest(
                    idea=idea,
                    title=title,
                    aspect_ratio=aspect_ratio,
                    scene_count=scene_count,
                    image_tool=image_tool,
                    video_tool=video_tool,
                    scene_duration=scene_duration,
                    is_transition=is_transition,
                    elements=cast(Any, elements),
                    audio_option=cast(Any, audio_option),
                    language=language,
                    webhook_url=webhook_url,
                )
            ),
            options,
        )

    async def create_from_url(
        self,
        *,
        idea: str,
        title: str | None = None,
        aspect_ratio: AspectRatio | str | None = None,
        scene_count: int | None = None,
        image_tool: ImageTool | str | None = None,
        video_tool: VideoTool | str | None = None,
        scene_duration: int | None = None,
        is_transition: bool | None = None,
        elements: Elements | ElementsParams | None = None,
        audio_option: StoryAudioOption | StoryAudioOptionParams | None = None,
        language: Language | str | None = None,
        webhook_url: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Story:
        """Create a video about a website.

        Creates a story from the idea and from the page whose URL is given in `idea`. Otherwise
        works like `client.stories.create`. Paid: about rate x scene_count x scene_duration credits,
        doubled by native audio, where the rate is 10 a second, or 5 for AutoT1, PVideo and VeoLite.

        An argument that is None is not sent: the service uses its default, or leaves the value as
        it is.

        Args:
            idea: What the video is about, including the website's URL.
            title: Title of the story.
            aspect_ratio: Aspect ratio of the images and the video. Known values: 16:9, 4:3, 1:1,
                3:4, 9:16.
            scene_count: Number of scenes. Default: 3 (inferred).
            image_tool: The model that generates the images. Known values: AutoI, Seedream,
                FluxTurbo, NanoBanana, QwenImage.
            video_tool: The model that animates, which determines the price. Default: Auto
                (inferred). Known values: Auto, KlingAI, Seedance, Pixverse, VeoFast, Vidu, AutoT1,
                PVideo, VeoLite.
            scene_duration: Length of each scene in seconds, 5 or 10 (the bound is published, not
                documented). Default: 5 (inferred).
            is_transition: Whether each scene flows into the next one.
            elements: Elements for the storyboard to use. Keys of Elements: characters,
                environments, objects.
            audio_option: The sound of the story. Keys of StoryAudioOption: narrator, has_narration,
                has_bg_music, native_audio.
            language: Language of the narration. Known values: Arabic, Chinese, English, French,
                German, Hindi, Japanese, Korean, Spanish, Turkish.
            webhook_url: URL for a POST once the story is final.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Story: The new story. `client.wait(story)` returns the finished story, and
                `client.download(story, path)` then saves its video.

        Raises:
            BadRequestError: The request is invalid; `code` says why.
            AuthenticationError: The API key is missing or unknown. The key is not allowed to make
                this call.
            InsufficientCreditError: The account has too few credits for this call.
            ValidationError: The body or a parameter is malformed; `detail` locates each problem.
            ApiError: Any other refusal. It is the base of these, and has `status`, `code` and
                `message`.
            httpx.TransportError: There was no response; the service may have carried out the call.
            TypeError, ValueError: An argument is not usable; nothing was sent.
        """
        return await self._send(
            api.story.url_to_video._OPERATION,
            api.story.url_to_video._get_kwargs(
                body=models.UrlToVideoRequest(
                    idea=idea,
                    title=title,
                    aspect_ratio=aspect_ratio,
                    scene_count=scene_count,
                    image_tool=image_tool,
                    video_tool=video_tool,
                    scene_duration=scene_duration,
                    is_transition=is_transition,
                    elements=cast(Any, elements),
                    audio_option=cast(Any, audio_option),
                    language=language,
                    webhook_url=webhook_url,
                )
            ),
            options,
        )

    async def create_from_images(
        self,
        *,
        image_urls: list[str] | tuple[str, ...],
        idea: str | None = None,
        title: str | None = None,
        aspect_ratio: AspectRatio | str | None = None,
        video_tool: VideoTool | str | None = None,
        scene_duration: int | None = None,
        is_transition: bool | None = None,
        audio_option: StoryAudioOption | StoryAudioOptionParams | None = None,
        language: Language | str | None = None,
        webhook_url: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Story:
        """Create a video from images.

        Animates each image as one scene, adds narration and music and composes the video. The
        number of scenes is the number of images. Paid: about rate x number of image_urls x
        scene_duration credits, doubled by native audio, where the rate is 10 a second, or 5 for
        AutoT1, PVideo and VeoLite.

        An argument that is None is not sent: the service uses its default, or leaves the value as
        it is.

        Args:
            image_urls: URLs of the images, in order; each becomes a scene.
            idea: What the video is about.
            title: Title of the story.
            aspect_ratio: Aspect ratio of the video. Known values: 16:9, 4:3, 1:1, 3:4, 9:16.
            video_tool: The model that animates, which determines the price. Default: Auto
                (inferred). Known values: Auto, KlingAI, Seedance, Pixverse, VeoFast, Vidu, AutoT1,
                PVideo, VeoLite.
            scene_duration: Length of each scene in seconds, 5 or 10 (the bound is published, not
                documented). Default: 5 (inferred).
            is_transition: Whether each image flows into the next one.
            audio_option: The sound of the story. Keys of StoryAudioOption: narrator, has_narration,
                has_bg_music, native_audio.
            language: Language of the narration. Known values: Arabic, Chinese, English, French,
                German, Hindi, Japanese, Korean, Spanish, Turkish.
            webhook_url: URL for a POST once the story is final.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Story: The new story. `client.wait(story)` returns the finished story, and
                `client.download(story, path)` then saves its video.

        Raises:
            BadRequestError: The request is invalid; `code` says why.
            AuthenticationError: The API key is missing or unknown. The key is not allowed to make
                this call.
            InsufficientCreditError: The account has too few credits for this call.
            ValidationError: The body or a parameter is malformed; `detail` locates each problem.
            ApiError: Any other refusal. It is the base of these, and has `status`, `code` and
                `message`.
            httpx.TransportError: There was no response; the service may have carried out the call.
            TypeError, ValueError: An argument is not usable; nothing was sent.
        """
        return await self._send(
            api.story.images_to_video._OPERATION,
            api.story.images_to_video._get_kwargs(
                body=models.ImagesToVideoRequest(
                    image_urls=cast(Any, image_urls),
                    idea=idea,
                    title=title,
                    aspect_ratio=aspect_ratio,
                    video_tool=video_tool,
                    scene_duration=scene_duration,
                    is_transition=is_transition,
                    audio_option=cast(Any, audio_option),
                    language=language,
                    webhook_url=webhook_url,
                )
            ),
            options,
        )

    async def create_storyboard(
        self,
        *,
        idea: str | None = None,
        image_urls: list[str] | tuple[str, ...] | None = None,
        scene_count: int | None = None,
        title: str | None = None,
        language: Language | str | None = None,
        aspect_ratio: AspectRatio | str | None = None,
        elements: Elements | ElementsParams | None = None,
        audio_option: StoryAudioOption | StoryAudioOptionParams | None = None,
        **options: Unpack[RequestOptions],
    ) -> Story:
        """Step 1: create a story and its storyboard.

        Starts the step-by-step workflow from an idea, from image URLs, or from both. With images,
        there are as many scenes as images. Native audio chosen here doubles the price of step 3.
        The vendor's example shows that this step used 0 credits, though a call without credits may
        be rejected. Free.

        An argument that is None is not sent: the service uses its default, or leaves the value as
        it is.

        Args:
            idea: What the video is about.
            image_urls: URLs of the scenes' images, in order; each becomes a scene.
            scene_count: Number of scenes. Default: 3 (inferred).
            title: Title of the story.
            language: Language of the narration. Known values: Arabic, Chinese, English, French,
                German, Hindi, Japanese, Korean, Spanish, Turkish.
            aspect_ratio: Aspect ratio of the images and the video. Known values: 16:9, 4:3, 1:1,
                3:4, 9:16.
            elements: Elements for the storyboard to use. Keys of Elements: characters,
                environments, objects.
            audio_option: The sound of the story. Keys of StoryAudioOption: narrator, has_narration,
                has_bg_music, native_audio.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Story: The new story with its storyboard. Continue with `create_elements` or
                `create_scenes`; until `create_videos` there is nothing to wait for.

        Raises:
            BadRequestError: The request is invalid; `code` says why.
            AuthenticationError: The API key is missing or unknown. The key is not allowed to make
                this call.
            InsufficientCreditError: The account has too few credits for this call.
            ValidationError: The body or a parameter is malformed; `detail` locates each problem.
            ApiError: Any other refusal. It is the base of these, and has `status`, `code` and
                `message`.
            httpx.TransportError: There was no response; the service may have carried out the call.
            TypeError, ValueError: An argument is not usable; nothing was sent.
        """
        return await self._send(
            api.story.create_storyboard._OPERATION,
            api.story.create_storyboard._get_kwargs(
                body=models.CreateStoryboardRequest(
                    idea=idea,
                    image_urls=cast(Any, image_urls),
                    scene_count=scene_count,
                    title=title,
                    language=language,
                    aspect_ratio=aspect_ratio,
                    elements=cast(Any, elements),
                    audio_option=cast(Any, audio_option),
                )
            ),
            options,
        )

    async def create_elements(
        self,
        story_id: str | Story,
        *,
        image_tool: ImageTool | str | None = None,
        aspect_ratio: AspectRatio | str | None = None,
        storyboard: Storyboard | StoryboardParams | None = None,
        **options: Unpack[RequestOptions],
    ) -> Story:
        """Step 1.5: create the images of the elements.

        Generates images of the storyboard's characters, objects and environments. An element that
        already has an image URL keeps its image. Optional: step 2 can follow step 1 directly. Takes
        no audio option. The vendor's sample waits up to 120 seconds for the response, whose example
        shows 0 credits used. Free.

        An argument that is None is not sent: the service uses its default, or leaves the value as
        it is.

        Args:
            story_id: The story's `id`, or the Story itself.
            image_tool: The model that generates the images. Known values: AutoI, Seedream,
                FluxTurbo, NanoBanana, QwenImage.
            aspect_ratio: Aspect ratio of the images. Known values: 16:9, 4:3, 1:1, 3:4, 9:16.
            storyboard: Replaces the story's storyboard; if omitted, it is kept. That this is
                allowed is inferred. Keys of Storyboard: scenes, characters, environments, objects,
                music.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Story: The story; its elements have images. Continue with `create_scenes`.

        Raises:
            BadRequestError: The request is invalid; `code` says why.
            AuthenticationError: The API key is missing or unknown. The key is not allowed to make
                this call.
            InsufficientCreditError: The account has too few credits for this call.
            NotFoundError: The story or media does not exist, or belongs to another account.
            ValidationError: The body or a parameter is malformed; `detail` locates each problem.
            ApiError: Any other refusal. It is the base of these, and has `status`, `code` and
                `message`.
            httpx.TransportError: There was no response; the service may have carried out the call.
            TypeError, ValueError: An argument is not usable; nothing was sent.
        """
        return await self._send(
            api.story.create_elements._OPERATION,
            api.story.create_elements._get_kwargs(
                story_id=id_of("story_id", story_id, models.Story),
                body=models.CreateElementsRequest(
                    image_tool=image_tool,
                    aspect_ratio=aspect_ratio,
                    storyboard=cast(Any, storyboard),
                ),
            ),
            options,
        )

    async def create_scenes(
        self,
        story_id: str | Story,
        *,
        image_tool: ImageTool | str | None = None,
        aspect_ratio: AspectRatio | str | None = None,
        audio_option: StoryAudioOption | StoryAudioOptionParams | None = None,
        storyboard: Storyboard | StoryboardParams | None = None,
        **options: Unpack[RequestOptions],
    ) -> Story:
        """Step 2: create the scenes' images and narration.

        Generates the image and the narration of each scene of the storyboard that has none yet. The
        vendor's sample waits up to 180 seconds for the response, whose example shows 0 credits
        used. Free.

        An argument that is None is not sent: the service uses its default, or leaves the value as
        it is.

        Args:
            story_id: The story's `id`, or the Story itself.
            image_tool: The model that generates the images. Known values: AutoI, Seedream,
                FluxTurbo, NanoBanana, QwenImage.
            aspect_ratio: Aspect ratio of the images. Known values: 16:9, 4:3, 1:1, 3:4, 9:16.
            audio_option: The sound of the story. Keys of StoryAudioOption: narrator, has_narration,
                has_bg_music, native_audio.
            storyboard: Replaces the story's storyboard; if omitted, it is kept. That this is
                allowed is inferred. Keys of Storyboard: scenes, characters, environments, objects,
                music.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Story: The story; its scenes have images and narration. Continue with `create_videos`.

        Raises:
            BadRequestError: The request is invalid; `code` says why.
            AuthenticationError: The API key is missing or unknown. The key is not allowed to make
                this call.
            InsufficientCreditError: The account has too few credits for this call.
            NotFoundError: The story or media does not exist, or belongs to another account.
            ValidationError: The body or a parameter is malformed; `detail` locates each problem.
            ApiError: Any other refusal. It is the base of these, and has `status`, `code` and
                `message`.
            httpx.TransportError: There was no response; the service may have carried out the call.
            TypeError, ValueError: An argument is not usable; nothing was sent.
        """
        return await self._send(
            api.story.create_scenes._OPERATION,
            api.story.create_scenes._get_kwargs(
                story_id=id_of("story_id", story_id, models.Story),
                body=models.CreateScenesRequest(
                    image_tool=image_tool,
                    aspect_ratio=aspect_ratio,
                    audio_option=cast(Any, audio_option),
                    storyboard=cast(Any, storyboard),
                ),
            ),
            options,
        )

    async def create_videos(
        self,
        story_id: str | Story,
        *,
        title: str | None = None,
        video_tool: VideoTool | str | None = None,
        duration: int | None = None,
        is_transition: bool | None = None,
        storyboard: Storyboard | StoryboardParams | None = None,
        webhook_url: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Story:
        """Step 3: create the videos and compose the story.

        Animates the scene images and composes the story. Takes no audio option: sound is chosen at
        step 1 or 2. It is the step whose example shows credits used. That its price follows the
        formula of the one-call flows, with the story's own scenes, if none are given, and its own
        native audio, is inferred. Paid: about rate x number of storyboard.scenes x duration
        credits, doubled by native audio, where the rate is 10 a second, or 5 for AutoT1, PVideo and
        VeoLite.

        An argument that is None is not sent: the service uses its default, or leaves the value as
        it is.

        Args:
            story_id: The story's `id`, or the Story itself.
            title: New title of the story.
            video_tool: The model that animates, which determines the price. Default: Auto
                (inferred). Known values: Auto, KlingAI, Seedance, Pixverse, VeoFast, Vidu, AutoT1,
                PVideo, VeoLite.
            duration: Length of each scene in seconds, 1 to 10 (version 1's bounds). Default: 5
                (inferred).
            is_transition: Whether each scene flows into the next one.
            storyboard: Replaces the story's storyboard; if omitted, it is kept. That this is
                allowed is inferred. Keys of Storyboard: scenes, characters, environments, objects,
                music.
            webhook_url: URL for a POST once the story is final.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Story: The story; its media are being generated. `client.wait(story)` returns the
                finished story, and `client.download(story, path)` then saves its video.

        Raises:
            BadRequestError: The request is invalid; `code` says why.
            AuthenticationError: The API key is missing or unknown. The key is not allowed to make
                this call.
            InsufficientCreditError: The account has too few credits for this call.
            NotFoundError: The story or media does not exist, or belongs to another account.
            ValidationError: The body or a parameter is malformed; `detail` locates each problem.
            ApiError: Any other refusal. It is the base of these, and has `status`, `code` and
                `message`.
            httpx.TransportError: There was no response; the service may have carried out the call.
            TypeError, ValueError: An argument is not usable; nothing was sent.
        """
        return await self._send(
            api.story.create_videos._OPERATION,
            api.story.create_videos._get_kwargs(
                story_id=id_of("story_id", story_id, models.Story),
                body=models.CreateVideosRequest(
                    title=title,
                    video_tool=video_tool,
                    duration=duration,
                    is_transition=is_transition,
                    storyboard=cast(Any, storyboard),
                    webhook_url=webhook_url,
                ),
            ),
            options,
        )

    async def concat(
        self,
        story_id: str | Story,
        *,
        concat_video_urls: list[str] | tuple[str, ...] | None = None,
        audio_urls: list[str] | tuple[str, ...] | None = None,
        **options: Unpack[RequestOptions],
    ) -> Story:
        """Compose the story again.

        Joins the story's videos, or those named in the body, under the given audio tracks.
        `video_url` of the story holds the result once it is ready. Its price is not published.

        An argument that is None is not sent: the service uses its default, or leaves the value as
        it is.

        Args:
            story_id: The story's `id`, or the Story itself.
            concat_video_urls: URLs of the videos to join, in order.
            audio_urls: URLs of the audio tracks of the joined video.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Story: The story.

        Raises:
            BadRequestError: The request is invalid; `code` says why.
            AuthenticationError: The API key is missing or unknown. The key is not allowed to make
                this call.
            InsufficientCreditError: The account has too few credits for this call.
            NotFoundError: The story or media does not exist, or belongs to another account.
            ValidationError: The body or a parameter is malformed; `detail` locates each problem.
            ApiError: Any other refusal. It is the base of these, and has `status`, `code` and
                `message`.
            httpx.TransportError: There was no response; the service may have carried out the call.
            TypeError, ValueError: An argument is not usable; nothing was sent.
        """
        return await self._send(
            api.story.concat_story._OPERATION,
            api.story.concat_story._get_kwargs(
                story_id=id_of("story_id", story_id, models.Story),
                body=models.ConcatStoryRequest(
                    concat_video_urls=cast(Any, concat_video_urls), audio_urls=cast(Any, audio_urls)
                ),
            ),
            options,
        )

    async def get(
        self,
        story_id: str | Story,
        **options: Unpack[RequestOptions],
    ) -> Story:
        """Get a story.

        When `status` is `success`, `video_url` is the video. Free.

        Args:
            story_id: The story's `id`, or the Story itself.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Story: The story. `client.wait(story)` returns it when it is finished.

        Raises:
            BadRequestError: The request is invalid; `code` says why.
            AuthenticationError: The API key is missing or unknown. The key is not allowed to make
                this call.
            NotFoundError: The story or media does not exist, or belongs to another account.
            ValidationError: The body or a parameter is malformed; `detail` locates each problem.
            ApiError: Any other refusal. It is the base of these, and has `status`, `code` and
                `message`.
            httpx.TransportError: There was no response.
            TypeError, ValueError: An argument is not usable; nothing was sent.
        """
        return await self._send(
            api.story.get_story._OPERATION,
            api.story.get_story._get_kwargs(story_id=id_of("story_id", story_id, models.Story)),
            options,
        )

    async def delete(
        self,
        story_id: str | Story,
        **options: Unpack[RequestOptions],
    ) -> DeletedStory:
        """Delete a story permanently.

        Only the story's owner may do this. It can't be undone. Free.

        Args:
            story_id: The story's `id`, or the Story itself.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            DeletedStory: The story as it last was, or an empty object.

        Raises:
            BadRequestError: The request is invalid; `code` says why.
            AuthenticationError: The API key is missing or unknown. The key is not allowed to make
                this call.
            NotFoundError: The story or media does not exist, or belongs to another account.
            ValidationError: The body or a parameter is malformed; `detail` locates each problem.
            ApiError: Any other refusal. It is the base of these, and has `status`, `code` and
                `message`.
            httpx.TransportError: There was no response; the service may have carried out the call.
            TypeError, ValueError: An argument is not usable; nothing was sent.
        """
        return await self._send(
            api.story.delete_story._OPERATION,
            api.story.delete_story._get_kwargs(story_id=id_of("story_id", story_id, models.Story)),
            options,
        )


class AsyncStoriesResourceWithRawResponse:
    """The methods of :class:`AsyncStoriesResource`, which return a ``Response``."""

    def __init__(self, resource: AsyncStoriesResource) -> None:
        self.create: Final = raw_async(resource.create)
        self.create_from_url: Final = raw_async(resource.create_from_url)
        self.create_from_images: Final = raw_async(resource.create_from_images)
        self.create_storyboard: Final = raw_async(resource.create_storyboard)
        self.create_elements: Final = raw_async(resource.create_elements)
        self.create_scenes: Final = raw_async(resource.create_scenes)
        self.create_videos: Final = raw_async(resource.create_videos)
        self.concat: Final = raw_async(resource.concat)
        self.get: Final = raw_async(resource.get)
        self.delete: Final = raw_async(resource.delete)
