"""The story operations of both versions: videos in one call, single steps, composition."""

from __future__ import annotations

from vimmerse.emulator import prices, storyboards, wire_v1, wire_v2
from vimmerse.emulator.defaults import default
from vimmerse.emulator.errors import InvalidRequest, bad_request, require_fields
from vimmerse.emulator.handlers import Routes, ValidatedRequest, set_texts
from vimmerse.emulator.models import Media, Motion, Story
from vimmerse.emulator.store import Store, unchanged_on_error
from vimmerse.emulator.validation import limit_error
from vimmerse.emulator.values import JsonObject, as_bool, as_objects, as_text

# How far a story is after each step, as the vendor's examples show it.
_AFTER_ELEMENTS, _AFTER_SCENES = 10, 50
_ONE_CALL = "/story/idea-2-video"  # whose defaults are those of a story


def _response(request: ValidatedRequest, story: Story) -> JsonObject:
    if request.version == "v1":
        return {"data": wire_v1.story(request.store, story)}
    return wire_v2.story(request.store, story)


def _find(request: ValidatedRequest) -> Story:
    return request.store.find_story(request.version, request.ids["story_id"])


# ---- the operations


def _create_video(request: ValidatedRequest) -> JsonObject:
    """Every step in one call."""
    store, image_urls = request.store, _image_urls(request)
    if request.has("image_urls") and not image_urls:
        raise bad_request("image_urls contains no URL.")
    story = _new_story(request, image_urls)
    story.one_call = True
    _check_size(store, len(image_urls), "image_urls")
    if image_urls:
        story.scene_count = len(image_urls)
    _charge(request, story)
    _write_storyboard(request, story, image_urls)
    _draw(store, story)
    _start_videos(store, story)
    return _response(request, story)


def _create_storyboard(request: ValidatedRequest) -> JsonObject:
    """Step 1."""
    image_urls = _image_urls(request)
    story = _new_story(request, image_urls)
    if request.text("story_id"):
        # v1 continues a story by writing its storyboard anew.
        story.id = request.store.find_story(request.version, request.text("story_id")).id
    request.store.require_credits()
    _check_size(request.store, len(image_urls), "image_urls")
    _write_storyboard(request, story, image_urls)
    return _response(request, story)


def _create_elements(request: ValidatedRequest) -> JsonObject:
    """Step 1.5."""
    store, story, is_v1 = request.store, _find(request), request.version == "v1"
    with unchanged_on_error(story):
        story.aspect_ratio = request.text("aspect_ratio", _v1_aspect_ratio("elements") if is_v1 else story.aspect_ratio)
        store.require_credits()
        _update_storyboard(request, story)
        storyboards.draw_elements(store, story)
        v1_music = default("v1", "/story/{story_id}/elements", "background_music")
        if request.flag("background_music", v1_music) if is_v1 else _option(story, "has_bg_music"):
            storyboards.add_music(store, story)
        _finish_step(store, story, _AFTER_ELEMENTS)
    return _response(request, story)


def _create_scenes(request: ValidatedRequest) -> JsonObject:
    """Step 2; draws the elements too if step 1.5 was left out."""
    store, story = request.store, _find(request)
    with unchanged_on_error(story):
        is_v1 = request.version == "v1"
        story.aspect_ratio = request.text("aspect_ratio", _v1_aspect_ratio("scenes") if is_v1 else story.aspect_ratio)
        story.audio_option = story.audio_option | _audio_option(request)
        store.require_credits()
        _update_storyboard(request, story)
        _draw(store, story)
        _finish_step(store, story, _AFTER_SCENES)
    return _response(request, story)


def _create_videos(request: ValidatedRequest) -> JsonObject:
    """Step 3: one clip per scene, then the composed video."""
    store, story = request.store, _find(request)
    with unchanged_on_error(story):
        story.title = request.text("title", story.title)
        story.webhook_url = request.text("webhook_url", story.webhook_url)
        _set_motion(request, story)
        # Revised v1's native_audio is ignored on this step; original v1's sound_effects counts.
        if request.has("sound_effects"):
            story.audio_option = story.audio_option | {"native_audio": request.flag("sound_effects")}
        _update_storyboard(request, story)
        scenes = as_objects(story.storyboard.get("scenes"))
        if not scenes:
            raise bad_request("The storyboard has no scenes to make videos from.")
        if not all(scene.get("image_url") for scene in scenes):
            raise bad_request("Some scenes have no image yet: create the scenes first.")
        _charge(request, story)
        _start_videos(store, story)
    return _response(request, story)


def _concat(request: ValidatedRequest) -> JsonObject:
    """Join the videos again; free, as no price is published for it."""
    store, story = request.store, _find(request)
    store.require_credits()
    if not request.texts("concat_video_urls") and not any(media.results for media in story.media):
        raise bad_request("The story has no videos to compose yet.")
    job = store.new_job()
    story.updated_at = store.timestamp()
    store.start_job(story, job)
    return _response(request, story)


def _get(request: ValidatedRequest) -> JsonObject:
    return _response(request, request.store.poll_story(request.version, request.ids["story_id"]))


def _update(request: ValidatedRequest) -> JsonObject:
    story = _find(request)
    set_texts(story, request.values, ("title", "description", "visibility_status"))
    story.updated_at = request.store.timestamp()
    return _response(request, story)


def _delete(request: ValidatedRequest) -> JsonObject:
    story = _find(request)
    response = _response(request, story)
    del request.store.stories[story.id]
    for media in story.media:
        request.store.media.pop(media.id, None)
    return response


# ---- what they share


def _check_size(store: Store, count: int, *place: str) -> None:
    limit = store.settings.max_scenes
    if count > limit:
        raise InvalidRequest(limit_error("maxItems", limit, None, ("body", *place)))


def _image_urls(request: ValidatedRequest) -> list[str]:
    """The images of a call, uploaded or by URL."""
    uploads = request.files("image_files")
    return [request.store.add_upload(upload).url for upload in uploads] or request.texts("image_urls")


def _new_story(request: ValidatedRequest, image_urls: list[str]) -> Story:
    """A story that is not stored yet, so that nothing remains of a rejected call."""
    count, limit = request.number("scene_count", 1), request.store.settings.max_scenes
    if count < 1:
        raise bad_request("scene_count must be 1 or more.")
    if count > limit:
        raise InvalidRequest(limit_error("maximum", limit, count, ("body", "scene_count")))
    if request.version == "v2" and not image_urls and not request.text("idea").strip():
        raise bad_request("The idea is empty: say what the video is about.")
    elements = request.object("elements")
    if request.version == "v2":
        if elements.get("scenes"):
            raise bad_request("elements takes characters, environments and objects; scenes come from the idea.")
        require_fields(elements, storyboards.ELEMENT_KINDS, ("name", "description"), ("body", "elements"))
    now = request.store.timestamp()
    story = Story(request.store.new_id(), request.version, now, now, idea=request.text("idea").strip())
    set_texts(story, request.values, ("title", "description", "visibility_status", "webhook_url"))
    story.aspect_ratio = request.text("aspect_ratio", story.aspect_ratio)
    for name in ("video_tool", "scene_count", "scene_duration"):
        setattr(story, name, default(request.version, _ONE_CALL, name))
    story.scene_count = request.number("scene_count", story.scene_count)
    story.audio_option = _audio_option(request)
    _set_motion(request, story)
    return story


def _set_motion(request: ValidatedRequest, story: Story) -> None:
    story.is_transition = request.flag("is_transition", story.is_transition)
    story.video_tool = request.text("video_tool", request.text("motion_type", story.video_tool))
    story.scene_duration = request.number("scene_duration", request.number("duration", story.scene_duration))


def _audio_option(request: ValidatedRequest) -> JsonObject:
    """``audio_option``, and v1's single fields by its names. The newer name wins."""
    option: JsonObject = {}
    old_names = {"background_music": "has_bg_music", "sound_effects": "native_audio"}
    for name in (*old_names, "has_bg_music", "has_narration", "native_audio"):
        if request.has(name):
            option[old_names.get(name, name)] = request.flag(name)
    if request.has("narrator") and not request.text("narrator"):
        option.setdefault("has_narration", False)
    return option | request.object("audio_option")


def _v1_aspect_ratio(step: str) -> str:
    return str(default("v1", f"/story/{{story_id}}/{step}", "aspect_ratio"))


def _option(story: Story, name: str) -> bool:
    return as_bool(story.audio_option.get(name), default(story.origin, _ONE_CALL, f"audio_option.{name}"))


def _has_native_audio(story: Story) -> bool:
    return _option(story, "native_audio")


def _charge(request: ValidatedRequest, story: Story) -> None:
    clips, seconds = story.scene_count, story.scene_duration
    credits = prices.price(story.video_tool, clips=clips, seconds=seconds, native_audio=_has_native_audio(story))
    request.store.charge(request.operation, story.id, credits)
    story.used_credits += credits


def _write_storyboard(request: ValidatedRequest, story: Story, image_urls: list[str]) -> None:
    """Write the storyboard and store the story."""
    store = request.store
    story.storyboard = storyboards.compose(
        store.settings.seed, story.idea, story.scene_count, elements=request.object("elements"), image_urls=image_urls
    )
    story.scene_count = len(as_objects(story.storyboard["scenes"]))
    store.stories[story.id] = story


def _update_storyboard(request: ValidatedRequest, story: Story) -> None:
    """Take over the storyboard that the caller gave. It may be partial: the story keeps what it does not name."""
    board = request.object("storyboard")
    if request.version == "v1":
        board = storyboards.from_v1(board)
        if scenes := request.objects("scenes"):
            before = as_objects(board.get("scenes", story.storyboard.get("scenes")))
            board["scenes"] = storyboards.merge_v1_scenes(before, scenes)
    if board:
        _check_size(request.store, len(as_objects(board.get("scenes"))), "storyboard", "scenes")
        story.storyboard = story.storyboard | board
        story.scene_count = len(as_objects(story.storyboard.get("scenes"))) or story.scene_count


def _draw(store: Store, story: Story) -> None:
    storyboards.draw_elements(store, story)
    storyboards.draw_scenes(store, story, narrated=_option(story, "has_narration") and not _has_native_audio(story))
    if _option(story, "has_bg_music"):
        storyboards.add_music(store, story)


def _finish_step(store: Store, story: Story, progress: int) -> None:
    story.step_progress = progress
    story.one_call = False  # from here the caller goes step by step, and sees each
    story.updated_at = store.timestamp()


def _start_videos(store: Store, story: Story) -> None:
    """Create a media for each scene, all in one job with the story."""
    job = store.new_job()
    story.media = []
    for scene in as_objects(story.storyboard.get("scenes")):
        now = store.timestamp()
        image_url, prompt = as_text(scene.get("image_url")), as_text(scene.get("video_description"))
        motion = Motion(story.video_tool, prompt, duration=story.scene_duration, aspect_ratio=story.aspect_ratio)
        media = Media(
            store.new_id(),
            story.origin,
            now,
            now,
            job,
            batch_id=story.id,
            story_id=story.id,
            is_transition=story.is_transition,
            media_items=[{"type": "image", "url": image_url, "position": "First"}],
            source_urls=[image_url],
            native_audio=_has_native_audio(story),
            motions=[motion],
        )
        story.media.append(media)
        store.media[media.id] = media
    story.updated_at = store.timestamp()
    store.start_job(story, job)


_SHARED: Routes = {
    ("POST", "/story/idea-2-video"): _create_video,
    ("POST", "/story/url-2-video"): _create_video,
    ("POST", "/story/images-2-video"): _create_video,
    ("POST", "/story"): _create_storyboard,
    ("POST", "/story/{story_id}/elements"): _create_elements,
    ("POST", "/story/{story_id}/scenes"): _create_scenes,
    ("POST", "/story/{story_id}/videos"): _create_videos,
    ("POST", "/story/{story_id}/concat"): _concat,
    ("GET", "/story/{story_id}"): _get,
    ("DELETE", "/story/{story_id}"): _delete,
}
V1_ROUTES: Routes = {**_SHARED, ("PUT", "/story/{story_id}"): _update}
V2_ROUTES: Routes = {(method, f"/v2{path}"): handler for (method, path), handler in _SHARED.items()}
