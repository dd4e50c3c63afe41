# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""The models of requests and responses. Each is loaded on first use."""

from vimmerse._http.lazy import lazy_exports

# Type checkers treat it like typing's; importing typing would cost more than all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from .animation_model import AnimationModel as AnimationModel
    from .aspect_ratio import AspectRatio as AspectRatio
    from .camera_path import CameraPath as CameraPath
    from .concat_story_form import ConcatStoryForm as ConcatStoryForm
    from .create_elements_form import CreateElementsForm as CreateElementsForm
    from .create_media_form import CreateMediaForm as CreateMediaForm
    from .create_media_multipart import CreateMediaMultipart as CreateMediaMultipart
    from .create_scenes_form import CreateScenesForm as CreateScenesForm
    from .create_storyboard_form import CreateStoryboardForm as CreateStoryboardForm
    from .create_storyboard_multipart import (
        CreateStoryboardMultipart as CreateStoryboardMultipart,
    )
    from .create_videos_form import CreateVideosForm as CreateVideosForm
    from .edit_media_form import EditMediaForm as EditMediaForm
    from .element import Element as Element
    from .elements import Elements as Elements
    from .error import Error as Error
    from .file_map_entry import FileMapEntry as FileMapEntry
    from .http_validation_error import HTTPValidationError as HTTPValidationError
    from .idea_to_video_form import IdeaToVideoForm as IdeaToVideoForm
    from .idea_to_video_json import IdeaToVideoJson as IdeaToVideoJson
    from .image_option import ImageOption as ImageOption
    from .image_tool import ImageTool as ImageTool
    from .images_to_video_form import ImagesToVideoForm as ImagesToVideoForm
    from .images_to_video_json import ImagesToVideoJson as ImagesToVideoJson
    from .language import Language as Language
    from .media import Media as Media
    from .media_audio_option import MediaAudioOption as MediaAudioOption
    from .media_detail import MediaDetail as MediaDetail
    from .media_detail_envelope import MediaDetailEnvelope as MediaDetailEnvelope
    from .media_envelope import MediaEnvelope as MediaEnvelope
    from .media_item import MediaItem as MediaItem
    from .media_item_position import MediaItemPosition as MediaItemPosition
    from .media_item_type import MediaItemType as MediaItemType
    from .media_progress import MediaProgress as MediaProgress
    from .media_progress_envelope import MediaProgressEnvelope as MediaProgressEnvelope
    from .media_prompt_json import MediaPromptJson as MediaPromptJson
    from .media_result import MediaResult as MediaResult
    from .media_status import MediaStatus as MediaStatus
    from .media_upload_data import MediaUploadData as MediaUploadData
    from .media_webhook import MediaWebhook as MediaWebhook
    from .motion_type import MotionType as MotionType
    from .music import Music as Music
    from .narrator import Narrator as Narrator
    from .object_type import ObjectType as ObjectType
    from .pipeline_preset import PipelinePreset as PipelinePreset
    from .pose_preset import PosePreset as PosePreset
    from .scene import Scene as Scene
    from .story import Story as Story
    from .story_audio_option import StoryAudioOption as StoryAudioOption
    from .story_envelope import StoryEnvelope as StoryEnvelope
    from .story_media import StoryMedia as StoryMedia
    from .story_scene import StoryScene as StoryScene
    from .story_status import StoryStatus as StoryStatus
    from .story_webhook import StoryWebhook as StoryWebhook
    from .storyboard import Storyboard as Storyboard
    from .submit_params import SubmitParams as SubmitParams
    from .update_media_form import UpdateMediaForm as UpdateMediaForm
    from .update_media_json import UpdateMediaJson as UpdateMediaJson
    from .update_story_form import UpdateStoryForm as UpdateStoryForm
    from .update_story_json import UpdateStoryJson as UpdateStoryJson
    from .upload_media_multipart import UploadMediaMultipart as UploadMediaMultipart
    from .url_to_video_form import UrlToVideoForm as UrlToVideoForm
    from .url_to_video_json import UrlToVideoJson as UrlToVideoJson
    from .validation_error import ValidationError as ValidationError
    from .video_history_entry import VideoHistoryEntry as VideoHistoryEntry
    from .video_tool import VideoTool as VideoTool
    from .visibility_status import VisibilityStatus as VisibilityStatus
    from .yes_no import YesNo as YesNo
else:
    __getattr__, __dir__ = lazy_exports(
        globals(),
        {
            "AnimationModel": "animation_model",
            "AspectRatio": "aspect_ratio",
            "CameraPath": "camera_path",
            "ConcatStoryForm": "concat_story_form",
            "CreateElementsForm": "create_elements_form",
            "CreateMediaForm": "create_media_form",
            "CreateMediaMultipart": "create_media_multipart",
            "CreateScenesForm": "create_scenes_form",
            "CreateStoryboardForm": "create_storyboard_form",
            "CreateStoryboardMultipart": "create_storyboard_multipart",
            "CreateVideosForm": "create_videos_form",
            "EditMediaForm": "edit_media_form",
            "Element": "element",
            "Elements": "elements",
            "Error": "error",
            "FileMapEntry": "file_map_entry",
            "HTTPValidationError": "http_validation_error",
            "IdeaToVideoForm": "idea_to_video_form",
            "IdeaToVideoJson": "idea_to_video_json",
            "ImageOption": "image_option",
            "ImageTool": "image_tool",
            "ImagesToVideoForm": "images_to_video_form",
            "ImagesToVideoJson": "images_to_video_json",
            "Language": "language",
            "Media": "media",
            "MediaAudioOption": "media_audio_option",
            "MediaDetail": "media_detail",
            "MediaDetailEnvelope": "media_detail_envelope",
            "MediaEnvelope": "media_envelope",
            "MediaItem": "media_item",
            "MediaItemPosition": "media_item_position",
            "MediaItemType": "media_item_type",
            "MediaProgress": "media_progress",
            "MediaProgressEnvelope": "media_progress_envelope",
            "MediaPromptJson": "media_prompt_json",
            "MediaResult": "media_result",
            "MediaStatus": "media_status",
            "MediaUploadData": "media_upload_data",
            "MediaWebhook": "media_webhook",
            "MotionType": "motion_type",
            "Music": "music",
            "Narrator": "narrator",
            "ObjectType": "object_type",
            "PipelinePreset": "pipeline_preset",
            "PosePreset": "pose_preset",
            "Scene": "scene",
            "Story": "story",
            "StoryAudioOption": "story_audio_option",
            "StoryEnvelope": "story_envelope",
            "StoryMedia": "story_media",
            "StoryScene": "story_scene",
            "StoryStatus": "story_status",
            "StoryWebhook": "story_webhook",
            "Storyboard": "storyboard",
            "SubmitParams": "submit_params",
            "UpdateMediaForm": "update_media_form",
            "UpdateMediaJson": "update_media_json",
            "UpdateStoryForm": "update_story_form",
            "UpdateStoryJson": "update_story_json",
            "UploadMediaMultipart": "upload_media_multipart",
            "UrlToVideoForm": "url_to_video_form",
            "UrlToVideoJson": "url_to_video_json",
            "ValidationError": "validation_error",
            "VideoHistoryEntry": "video_history_entry",
            "VideoTool": "video_tool",
            "VisibilityStatus": "visibility_status",
            "YesNo": "yes_no",
        },
    )

__all__ = (
    "AnimationModel",
    "AspectRatio",
    "CameraPath",
    "ConcatStoryForm",
    "CreateElementsForm",
    "CreateMediaForm",
    "CreateMediaMultipart",
    "CreateScenesForm",
    "CreateStoryboardForm",
    "CreateStoryboardMultipart",
    "CreateVideosForm",
    "EditMediaForm",
    "Element",
    "Elements",
    "Error",
    "FileMapEntry",
    "HTTPValidationError",
    "IdeaToVideoForm",
    "IdeaToVideoJson",
    "ImageOption",
    "ImageTool",
    "ImagesToVideoForm",
    "ImagesToVideoJson",
    "Language",
    "Media",
    "MediaAudioOption",
    "MediaDetail",
    "MediaDetailEnvelope",
    "MediaEnvelope",
    "MediaItem",
    "MediaItemPosition",
    "MediaItemType",
    "MediaProgress",
    "MediaProgressEnvelope",
    "MediaPromptJson",
    "MediaResult",
    "MediaStatus",
    "MediaUploadData",
    "MediaWebhook",
    "MotionType",
    "Music",
    "Narrator",
    "ObjectType",
    "PipelinePreset",
    "PosePreset",
    "Scene",
    "Story",
    "StoryAudioOption",
    "StoryEnvelope",
    "StoryMedia",
    "StoryScene",
    "StoryStatus",
    "StoryWebhook",
    "Storyboard",
    "SubmitParams",
    "UpdateMediaForm",
    "UpdateMediaJson",
    "UpdateStoryForm",
    "UpdateStoryJson",
    "UploadMediaMultipart",
    "UrlToVideoForm",
    "UrlToVideoJson",
    "ValidationError",
    "VideoHistoryEntry",
    "VideoTool",
    "VisibilityStatus",
    "YesNo",
)
