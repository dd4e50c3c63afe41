# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""``client.media``."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Unpack, cast, overload

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
    from collections.abc import Sequence

    from ..models import (
        AspectRatio,
        Media,
        MediaAudioOption,
        MediaField,
        MediaItem,
        PartialMedia,
        PipelineMode,
        VideoTool,
        VisibilityStatus,
    )
    from ..params import MediaAudioOptionParams, MediaItemParams
    from ..types import RequestOptions


class MediaResource(Resource):
    """Single videos from a prompt, images, videos or audio."""

    @cached_property
    def with_raw_response(self) -> MediaResourceWithRawResponse:
        """The same methods, which return a ``Response``: status, headers, the model as ``parsed``."""
        return MediaResourceWithRawResponse(MediaResource(self._client, send_raw))

    def create(
        self,
        *,
        title: str | None = None,
        description: str | None = None,
        prompt: str | None = None,
        media_items: Sequence[MediaItem | MediaItemParams] | None = None,
        video_tool: VideoTool | str | None = None,
        quantity: int | None = None,
        duration: int | None = None,
        loop: int | None = None,
        aspect_ratio: AspectRatio | str | None = None,
        audio_option: MediaAudioOption | MediaAudioOptionParams | None = None,
        pipeline_mode: PipelineMode | str | None = None,
        webhook_url: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Media:
        """Create a media.

        Validates the request, checks the credits, creates the record, queues the generation and
        returns at once. The media is finished when its processing status is `success`;
        `client.media.get` then returns its `result`. Give a `prompt`, `media_items`, or both; that
        neither is a validation error is inferred. Paid: about rate x quantity x duration credits,
        doubled by native audio, where the rate is 10 a second, or 5 for AutoT1, PVideo and VeoLite.
        That a media costs what a scene of its length costs is inferred.

        An argument that is None is not sent: the service uses its default, or leaves the value as
        it is.

        Args:
            title: Title of the media.
            description: Description of the media.
            prompt: The content of the video.
            media_items: Images, videos and audio to use as the first frame, the last frame or the
                sound. Keys of MediaItem: type, url, position.
            video_tool: The model that animates, which determines the price. Default: Auto
                (inferred). Known values: Auto, KlingAI, Seedance, Pixverse, VeoFast, Vidu, AutoT1,
                PVideo, VeoLite.
            quantity: Number of videos to generate, 1 to 4 (version 1's bounds). Default: 1
                (inferred).
            duration: Length in seconds, 1 to 10 (version 1's bounds). Default: 5 (inferred).
            loop: How often the motion is repeated, 1 to 6 (version 1's bounds). Default: 1
                (inferred).
            aspect_ratio: Aspect ratio of the video. Known values: 16:9, 4:3, 1:1, 3:4, 9:16.
            audio_option: The sound of the video. Keys of MediaAudioOption: narrator, narration,
                narration_url, bg_music_prompt, bg_music_url, native_audio.
            pipeline_mode: Quality of the processing of the images and the video. Known values:
                Advanced, Quick.
            webhook_url: URL for a POST once the media is final.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Media: The new media. `client.wait(media)` returns the finished media, and
                `client.download(media, path)` then saves its video.

        Raises:
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
            api.media.create_media._OPERATION,
            api.media.create_media._get_kwargs(
                body=models.CreateMediaRequest(
                    title=title,
                    description=description,
                    prompt=prompt,
                    media_items=cast(Any, media_items),
                    video_tool=video_tool,
                    quantity=quantity,
                    duration=duration,
                    loop=loop,
                    aspect_ratio=aspect_ratio,
                    audio_option=cast(Any, audio_option),
                    pipeline_mode=pipeline_mode,
                    webhook_url=webhook_url,
                )
            ),
            options,
        )

    @overload
    def get(
        self,
        media_id: str | Media,
        *,
        fields: None = None,
        **options: Unpack[RequestOptions],
    ) -> Media: ...
    @overload
    def get(
        self,
        media_id: str | Media,
        *,
        fields: list[MediaField | str] | tuple[MediaField | str, ...],
        **options: Unpack[RequestOptions],
    ) -> PartialMedia: ...
    def get(
        self,
        media_id: str | Media,
        *,
        fields: list[MediaField | str] | tuple[MediaField | str, ...] | None = None,
        **options: Unpack[RequestOptions],
    ) -> Media | PartialMedia:
        """Get a media.

        The response has all fields, or those named in `fields`. No 400 is documented for this call.
        Free.

        An argument that is None is not sent: the service uses its default, or leaves the value as
        it is.

        Args:
            media_id: The media's `id`, or the Media itself.
            fields: The fields to return, sent as `fields=processing_status,result`; without it,
                all. Only the keys of an answer are allowed; that any other is a validation error is
                inferred. Known values: id, title, description, customer_id, primary_user_id,
                media_items, duration_time, processing_status, pose_preset, submit_params, result,
                webhook_url, created_at, updated_at, version.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Media, or PartialMedia with `fields`: The media, or the requested fields of it.
                `client.wait(media)` returns it when it is finished.

        Raises:
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
            api.media.get_media._OPERATION.returning(
                models.Media if fields is None else models.PartialMedia
            ),
            api.media.get_media._get_kwargs(
                media_id=id_of("media_id", media_id, models.Media), fields=cast(Any, fields)
            ),
            options,
        )

    def update(
        self,
        media_id: str | Media,
        *,
        title: str | None = None,
        description: str | None = None,
        visibility_status: VisibilityStatus | str | None = None,
        rating: str | None = None,
        webhook_url: str | None = None,
        media_items: Sequence[MediaItem | MediaItemParams] | None = None,
        prompt: str | None = None,
        video_tool: VideoTool | str | None = None,
        quantity: int | None = None,
        duration: int | None = None,
        loop: int | None = None,
        audio_option: MediaAudioOption | MediaAudioOptionParams | None = None,
        aspect_ratio: AspectRatio | str | None = None,
        pipeline_mode: PipelineMode | str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Media:
        """Edit a media, or generate it again.

        An empty object changes nothing. A field that is not free starts a new, paid generation.
        Free with only `title`, `description`, `visibility_status`, `rating` and `webhook_url`; else
        paid: about rate x quantity x duration credits, doubled by native audio, where the rate is
        10 a second, or 5 for AutoT1, PVideo and VeoLite. That a media costs what a scene of its
        length costs is inferred.

        An argument that is None is not sent: the service uses its default, or leaves the value as
        it is.

        Args:
            media_id: The media's `id`, or the Media itself.
            title: Title of the media. Free.
            description: Description of the media. Free.
            visibility_status: Who can see it: 0 is private, 1 unlisted, 2 public. Free. Known
                values: 0, 1, 2.
            rating: Its rating, as text. Free.
            webhook_url: URL for a POST once the media is final. Free.
            media_items: Images, videos and audio to use as the first frame, the last frame or the
                sound. Paid. Keys of MediaItem: type, url, position.
            prompt: The content of the video. Paid.
            video_tool: The model that animates. Paid. Known values: Auto, KlingAI, Seedance,
                Pixverse, VeoFast, Vidu, AutoT1, PVideo, VeoLite.
            quantity: Number of videos to generate, 1 to 4 (version 1's bounds). Paid.
            duration: Length in seconds, 1 to 10 (version 1's bounds). The page titles it Scene
                Duration. Paid.
            loop: How often the motion is repeated, 1 to 6 (version 1's bounds). Paid.
            audio_option: The sound of the video. Paid. Keys of MediaAudioOption: narrator,
                narration, narration_url, bg_music_prompt, bg_music_url, native_audio.
            aspect_ratio: Aspect ratio of the video. Paid. Known values: 16:9, 4:3, 1:1, 3:4, 9:16.
            pipeline_mode: Quality of the processing of the images and the video. Paid. Known
                values: Advanced, Quick.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Media: The media after the edit. After a paid change, `client.wait(media)` returns the
                finished media.

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
            api.media.update_media._OPERATION,
            api.media.update_media._get_kwargs(
                media_id=id_of("media_id", media_id, models.Media),
                body=models.UpdateMediaRequest(
                    title=title,
                    description=description,
                    visibility_status=visibility_status,
                    rating=rating,
                    webhook_url=webhook_url,
                    media_items=cast(Any, media_items),
                    prompt=prompt,
                    video_tool=video_tool,
                    quantity=quantity,
                    duration=duration,
                    loop=loop,
                    audio_option=cast(Any, audio_option),
                    aspect_ratio=aspect_ratio,
                    pipeline_mode=pipeline_mode,
                ),
            ),
            options,
        )


class MediaResourceWithRawResponse:
    """The methods of :class:`MediaResource`, which return a ``Response``."""

    def __init__(self, resource: MediaResource) -> None:
        self.create: Final = raw(resource.create)
        self.get: Final = raw(resource.get)
        self.update: Final = raw(resource.update)


class AsyncMediaResource(AsyncResource):
    """Single videos from a prompt, images, videos or audio."""

    @cached_property
    def with_raw_response(self) -> AsyncMediaResourceWithRawResponse:
        """The same methods, which return a ``Response``: status, headers, the model as ``parsed``."""
        return AsyncMediaResourceWithRawResponse(AsyncMediaResource(self._client, send_raw_async))

    async def create(
        self,
        *,
        title: str | None = None,
        description: str | None = None,
        prompt: str | None = None,
        media_items: Sequence[MediaItem | MediaItemParams] | None = None,
        video_tool: VideoTool | str | None = None,
        quantity: int | None = None,
        duration: int | None = None,
        loop: int | None = None,
        aspect_ratio: AspectRatio | str | None = None,
        audio_option: MediaAudioOption | MediaAudioOptionParams | None = None,
        pipeline_mode: PipelineMode | str | None = None,
        webhook_url: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Media:
        """Create a media.

        Validates the request, checks the credits, creates the record, queues the generation and
        returns at once. The media is finished when its processing status is `success`;
        `client.media.get` then returns its `result`. Give a `prompt`, `media_items`, or both; that
        neither is a validation error is inferred. Paid: about rate x quantity x duration credits,
        doubled by native audio, where the rate is 10 a second, or 5 for AutoT1, PVideo and VeoLite.
        That a media costs what a scene of its length costs is inferred.

        An argument that is None is not sent: the service uses its default, or leaves the value as
        it is.

        Args:
            title: Title of the media.
            description: Description of the media.
            prompt: The content of the video.
            media_items: Images, videos and audio to use as the first frame, the last frame or the
                sound. Keys of MediaItem: type, url, position.
            video_tool: The model that animates, which determines the price. Default: Auto
                (inferred). Known values: Auto, KlingAI, Seedance, Pixverse, VeoFast, Vidu, AutoT1,
                PVideo, VeoLite.
            quantity: Number of videos to generate, 1 to 4 (version 1's bounds). Default: 1
                (inferred).
            duration: Length in seconds, 1 to 10 (version 1's bounds). Default: 5 (inferred).
            loop: How often the motion is repeated, 1 to 6 (version 1's bounds). Default: 1
                (inferred).
            aspect_ratio: Aspect ratio of the video. Known values: 16:9, 4:3, 1:1, 3:4, 9:16.
            audio_option: The sound of the video. Keys of MediaAudioOption: narrator, narration,
                narration_url, bg_music_prompt, bg_music_url, native_audio.
            pipeline_mode: Quality of the processing of the images and the video. Known values:
                Advanced, Quick.
            webhook_url: URL for a POST once the media is final.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Media: The new media. `client.wait(media)` returns the finished media, and
                `client.download(media, path)` then saves its video.

        Raises:
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
            api.media.create_media._OPERATION,
            api.media.create_media._get_kwargs(
                body=models.CreateMediaRequest(
                    title=title,
                    description=description,
                    prompt=prompt,
                    media_items=cast(Any, media_items),
                    video_tool=video_tool,
                    quantity=quantity,
                    duration=duration,
                    loop=loop,
                    aspect_ratio=aspect_ratio,
                    audio_option=cast(Any, audio_option),
                    pipeline_mode=pipeline_mode,
                    webhook_url=webhook_url,
                )
            ),
            options,
        )

    @overload
    async def get(
        self,
        media_id: str | Media,
        *,
        fields: None = None,
        **options: Unpack[RequestOptions],
    ) -> Media: ...
    @overload
    async def get(
        self,
        media_id: str | Media,
        *,
        fields: list[MediaField | str] | tuple[MediaField | str, ...],
        **options: Unpack[RequestOptions],
    ) -> PartialMedia: ...
    async def get(
        self,
        media_id: str | Media,
        *,
        fields: list[MediaField | str] | tuple[MediaField | str, ...] | None = None,
        **options: Unpack[RequestOptions],
    ) -> Media | PartialMedia:
        """Get a media.

        The response has all fields, or those named in `fields`. No 400 is documented for this call.
        Free.

        An argument that is None is not sent: the service uses its default, or leaves the value as
        it is.

        Args:
            media_id: The media's `id`, or the Media itself.
            fields: The fields to return, sent as `fields=processing_status,result`; without it,
                all. Only the keys of an answer are allowed; that any other is a validation error is
                inferred. Known values: id, title, description, customer_id, primary_user_id,
                media_items, duration_time, processing_status, pose_preset, submit_params, result,
                webhook_url, created_at, updated_at, version.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Media, or PartialMedia with `fields`: The media, or the requested fields of it.
                `client.wait(media)` returns it when it is finished.

        Raises:
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
            api.media.get_media._OPERATION.returning(
                models.Media if fields is None else models.PartialMedia
            ),
            api.media.get_media._get_kwargs(
                media_id=id_of("media_id", media_id, models.Media), fields=cast(Any, fields)
            ),
            options,
        )

    async def update(
        self,
        media_id: str | Media,
        *,
        title: str | None = None,
        description: str | None = None,
        visibility_status: VisibilityStatus | str | None = None,
        rating: str | None = None,
        webhook_url: str | None = None,
        media_items: Sequence[MediaItem | MediaItemParams] | None = None,
        prompt: str | None = None,
        video_tool: VideoTool | str | None = None,
        quantity: int | None = None,
        duration: int | None = None,
        loop: int | None = None,
        audio_option: MediaAudioOption | MediaAudioOptionParams | None = None,
        aspect_ratio: AspectRatio | str | None = None,
        pipeline_mode: PipelineMode | str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Media:
        """Edit a media, or generate it again.

        An empty object changes nothing. A field that is not free starts a new, paid generation.
        Free with only `title`, `description`, `visibility_status`, `rating` and `webhook_url`; else
        paid: about rate x quantity x duration credits, doubled by native audio, where the rate is
        10 a second, or 5 for AutoT1, PVideo and VeoLite. That a media costs what a scene of its
        length costs is inferred.

        An argument that is None is not sent: the service uses its default, or leaves the value as
        it is.

        Args:
            media_id: The media's `id`, or the Media itself.
            title: Title of the media. Free.
            description: Description of the media. Free.
            visibility_status: Who can see it: 0 is private, 1 unlisted, 2 public. Free. Known
                values: 0, 1, 2.
            rating: Its rating, as text. Free.
            webhook_url: URL for a POST once the media is final. Free.
            media_items: Images, videos and audio to use as the first frame, the last frame or the
                sound. Paid. Keys of MediaItem: type, url, position.
            prompt: The content of the video. Paid.
            video_tool: The model that animates. Paid. Known values: Auto, KlingAI, Seedance,
                Pixverse, VeoFast, Vidu, AutoT1, PVideo, VeoLite.
            quantity: Number of videos to generate, 1 to 4 (version 1's bounds). Paid.
            duration: Length in seconds, 1 to 10 (version 1's bounds). The page titles it Scene
                Duration. Paid.
            loop: How often the motion is repeated, 1 to 6 (version 1's bounds). Paid.
            audio_option: The sound of the video. Paid. Keys of MediaAudioOption: narrator,
                narration, narration_url, bg_music_prompt, bg_music_url, native_audio.
            aspect_ratio: Aspect ratio of the video. Paid. Known values: 16:9, 4:3, 1:1, 3:4, 9:16.
            pipeline_mode: Quality of the processing of the images and the video. Paid. Known
                values: Advanced, Quick.
            options: For this call: timeout, max_retries, retry_refused, extra_headers, extra_body;
                see :class:`vimmerse.v2.types.RequestOptions`.

        Returns:
            Media: The media after the edit. After a paid change, `client.wait(media)` returns the
                finished media.

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
            api.media.update_media._OPERATION,
            api.media.update_media._get_kwargs(
                media_id=id_of("media_id", media_id, models.Media),
                body=models.UpdateMediaRequest(
                    title=title,
                    description=description,
                    visibility_status=visibility_status,
                    rating=rating,
                    webhook_url=webhook_url,
                    media_items=cast(Any, media_items),
                    prompt=prompt,
                    video_tool=video_tool,
                    quantity=quantity,
                    duration=duration,
                    loop=loop,
                    audio_option=cast(Any, audio_option),
                    aspect_ratio=aspect_ratio,
                    pipeline_mode=pipeline_mode,
                ),
            ),
            options,
        )


class AsyncMediaResourceWithRawResponse:
    """The methods of :class:`AsyncMediaResource`, which return a ``Response``."""

    def __init__(self, resource: AsyncMediaResource) -> None:
        self.create: Final = raw_async(resource.create)
        self.get: Final = raw_async(resource.get)
        self.update: Final = raw_async(resource.update)
