# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""The models of requests and responses. Each is loaded on first use."""

from vimmerse._http.lazy import lazy_exports

# Type checkers treat it like typing's; importing typing would cost more than all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from .aspect_ratio import AspectRatio as AspectRatio
    from .asset import Asset as Asset
    from .concat_story_request import ConcatStoryRequest as ConcatStoryRequest
    from .create_elements_request import CreateElementsRequest as CreateElementsRequest
    from .create_media_request import CreateMediaRequest as CreateMediaRequest
    from .create_scenes_request import CreateScenesRequest as CreateScenesRequest
    from .create_storyboard_request import (
        CreateStoryboardRequest as CreateStoryboardRequest,
    )
    from .create_videos_request import CreateVideosRequest as CreateVideosRequest
    from .deleted_story import DeletedStory as DeletedStory
    from .element import Element as Element
    from .elements import Elements as Elements
    from .error import Error as Error
    from .http_validation_error import HTTPValidationError as HTTPValidationError
    from .idea_to_video_request import IdeaToVideoRequest as IdeaToVideoRequest
    from .image_tool import ImageTool as ImageTool
    from .images_to_video_request import ImagesToVideoRequest as ImagesToVideoRequest
    from .language import Language as Language
    from .media import Media as Media
    from .media_audio_option import MediaAudioOption as MediaAudioOption
    from .media_field import MediaField as MediaField
    from .media_item import MediaItem as MediaItem
    from .media_item_position import MediaItemPosition as MediaItemPosition
    from .media_item_type import MediaItemType as MediaItemType
    from .media_result import MediaResult as MediaResult
    from .media_status import MediaStatus as MediaStatus
    from .media_webhook import MediaWebhook as MediaWebhook
    from .music import Music as Music
    from .narrator import Narrator as Narrator
    from .partial_media import PartialMedia as PartialMedia
    from .pipeline_mode import PipelineMode as PipelineMode
    from .pose_preset import PosePreset as PosePreset
    from .scene import Scene as Scene
    from .story import Story as Story
    from .story_audio_option import StoryAudioOption as StoryAudioOption
    from .story_status import StoryStatus as StoryStatus
    from .story_webhook import StoryWebhook as StoryWebhook
    from .storyboard import Storyboard as Storyboard
    from .submit_params import SubmitParams as SubmitParams
    from .update_media_request import UpdateMediaRequest as UpdateMediaRequest
    from .upload_image_request import UploadImageRequest as UploadImageRequest
    from .url_to_video_request import UrlToVideoRequest as UrlToVideoRequest
    from .validation_error import ValidationError as ValidationError
    from .video_tool import VideoTool as VideoTool
    from .visibility_status import VisibilityStatus as VisibilityStatus
else:
    __getattr__, __dir__ = lazy_exports(
        globals(),
        {
            "AspectRatio": "aspect_ratio",
            "Asset": "asset",
            "ConcatStoryRequest": "concat_story_request",
            "CreateElementsRequest": "create_elements_request",
            "CreateMediaRequest": "create_media_request",
            "CreateScenesRequest": "create_scenes_request",
            "CreateStoryboardRequest": "create_storyboard_request",
            "CreateVideosRequest": "create_videos_request",
            "DeletedStory": "deleted_story",
            "Element": "element",
            "Elements": "elements",
            "Error": "error",
            "HTTPValidationError": "http_validation_error",
            "IdeaToVideoRequest": "idea_to_video_request",
            "ImageTool": "image_tool",
            "ImagesToVideoRequest": "images_to_video_request",
            "Language": "language",
            "Media": "media",
            "MediaAudioOption": "media_audio_option",
            "MediaField": "media_field",
            "MediaItem": "media_item",
            "MediaItemPosition": "media_item_position",
            "MediaItemType": "media_item_type",
            "MediaResult": "media_result",
            "MediaStatus": "media_status",
            "MediaWebhook": "media_webhook",
            "Music": "music",
            "Narrator": "narrator",
            "PartialMedia": "partial_media",
            "PipelineMode": "pipeline_mode",
            "PosePreset": "pose_preset",
            "Scene": "scene",
            "Story": "story",
            "StoryAudioOption": "story_audio_option",
            "StoryStatus": "story_status",
            "StoryWebhook": "story_webhook",
            "Storyboard": "storyboard",
            "SubmitParams": "submit_params",
            "UpdateMediaRequest": "update_media_request",
            "UploadImageRequest": "upload_image_request",
            "UrlToVideoRequest": "url_to_video_request",
            "ValidationError": "validation_error",
            "VideoTool": "video_tool",
            "VisibilityStatus": "visibility_status",
        },
    )

__all__ = (
    "AspectRatio",
    "Asset",
    "ConcatStoryRequest",
    "CreateElementsRequest",
    "CreateMediaRequest",
    "CreateScenesRequest",
    "CreateStoryboardRequest",
    "CreateVideosRequest",
    "DeletedStory",
    "Element",
    "Elements",
    "Error",
    "HTTPValidationError",
    "IdeaToVideoRequest",
    "ImageTool",
    "ImagesToVideoRequest",
    "Language",
    "Media",
    "MediaAudioOption",
    "MediaField",
    "MediaItem",
    "MediaItemPosition",
    "MediaItemType",
    "MediaResult",
    "MediaStatus",
    "MediaWebhook",
    "Music",
    "Narrator",
    "PartialMedia",
    "PipelineMode",
    "PosePreset",
    "Scene",
    "Story",
    "StoryAudioOption",
    "StoryStatus",
    "StoryWebhook",
    "Storyboard",
    "SubmitParams",
    "UpdateMediaRequest",
    "UploadImageRequest",
    "UrlToVideoRequest",
    "ValidationError",
    "VideoTool",
    "VisibilityStatus",
)
