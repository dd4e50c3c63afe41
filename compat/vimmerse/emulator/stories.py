"""What happens to stories, whichever version asks: flows, steps, composition."""

from __future__ import annotations

from collections.abc import Sequence

from vimmerse.emulator import _prices, storyboard
from vimmerse.emulator.calls import truth
from vimmerse.emulator.models import JsonObject, Media, Motion, Story, Version
from vimmerse.emulator.store import Store, bad_request
from vimmerse.emulator.validation import Invalid, error

# How far a story is after each step, as the vendor's examples show it.
_AFTER_ELEMENTS, _AFTER_SCENES = 10, 50


def native(story: Story) -> bool:
    """Whether a story has native audio, which doubles its price."""
    return truth(story.audio_option.get("native_audio"))


def narrated(story: Story) -> bool:
    """Whether a voice speaks: not with native audio."""
    return truth(story.audio_option.get("has_narration"), True) and not native(story)


def with_music(story: Story) -> bool:
    """Whether music plays."""
    return truth(story.audio_option.get("has_bg_music"), True)


def new_story(store: Store, version: Version, idea: str) -> Story:
    """A story that is not kept yet: nothing remains of a refused call."""
    moment = store.stamp()
    return Story(store.new_id(), version, moment, moment, idea=idea)


def plan(store: Store, story: Story, *, elements: JsonObject | None = None, image_urls: Sequence[str] = ()) -> None:
    """Step 1: write the storyboard and keep the story."""
    store.require(1)
    _write(store, story, elements or {}, image_urls)


def _write(store: Store, story: Story, elements: JsonObject, image_urls: Sequence[str]) -> None:
    _check_size(store, len(image_urls), "image_urls")
    story.storyboard = storyboard.compose(
        store.settings.seed, story.idea, story.scene_count, elements=elements, image_urls=image_urls
    )
    story.scene_count = len(storyboard.items(story.storyboard, "scenes"))
    store.stories[story.id] = story


def run_all(
    store: Store,
    story: Story,
    operation: str,
    *,
    elements: JsonObject | None = None,
    image_urls: Sequence[str] = (),
) -> None:
    """A one-call flow: every step, and the videos under way."""
    story.one_call = True
    _check_size(store, len(image_urls), "image_urls")
    if image_urls:
        story.scene_count = len(image_urls)
    amount = _price(story)
    store.charge(operation, story.id, amount)
    story.used_credits += amount
    _write(store, story, elements or {}, image_urls)
    _draw(store, story)
    _animate(store, story)


def _price(story: Story) -> int:
    return _prices.price(
        story.video_tool, clips=story.scene_count, seconds=story.scene_duration, native_audio=native(story)
    )


def _draw(store: Store, story: Story) -> None:
    board = story.storyboard or {}
    storyboard.draw_elements(board, lambda: store.image(story.id))
    storyboard.draw_scenes(
        board,
        lambda: store.image(story.id),
        (lambda index: store.speech(story.id, index)) if narrated(story) else None,
    )
    if with_music(story):
        storyboard.add_music(board, lambda: store.sound(story.id))


def draw_elements(store: Store, story: Story, board: JsonObject | None, *, music: bool) -> None:
    """Step 1.5."""
    store.require(1)
    _replace(store, story, board)
    storyboard.draw_elements(story.storyboard or {}, lambda: store.image(story.id))
    if music:
        storyboard.add_music(story.storyboard or {}, lambda: store.sound(story.id))
    _advance(store, story, _AFTER_ELEMENTS)


def draw_scenes(store: Store, story: Story, board: JsonObject | None) -> None:
    """Step 2; draws the elements too where step 1.5 was left out."""
    store.require(1)
    _replace(store, story, board)
    _draw(store, story)
    _advance(store, story, _AFTER_SCENES)


def make_videos(store: Store, story: Story, operation: str, board: JsonObject | None) -> None:
    """Step 3: one clip a scene, then the film."""
    scenes = storyboard.items({**(story.storyboard or {}), **(board or {})}, "scenes")
    if not scenes:
        raise bad_request("The storyboard has no scenes to make videos from.")
    if not all(scene.get("image_url") for scene in scenes):
        raise bad_request("Some scenes have no image yet: create the scenes first.")
    _replace(store, story, board)
    amount = _price(story)
    store.charge(operation, story.id, amount)
    story.used_credits += amount
    _animate(store, story)


def compose_again(store: Store, story: Story, video_urls: Sequence[str]) -> None:
    """Join the videos again; free, as no price is published for it."""
    store.require(1)
    if not video_urls and not any(media.results for media in story.medias):
        raise bad_request("The story has no videos to compose yet.")
    job = store.new_job()
    story.updated_at = store.stamp()
    store.begin(story, job)


def _check_size(store: Store, count: int, *place: str) -> None:
    """Raise :class:`Invalid` for more scenes than the settings allow."""
    most = store.settings.max_scenes
    if count > most:
        message = f"List should have at most {most} items after validation, not {count}"
        raise Invalid([error("too_long", ("body", *place), message, None, max_length=most, actual_length=count)])


def _replace(store: Store, story: Story, board: JsonObject | None) -> None:
    if board:
        _check_size(store, len(storyboard.items(board, "scenes")), "storyboard", "scenes")
        # A partial storyboard keeps what it does not name.
        story.storyboard = {**(story.storyboard or {}), **board}
        story.scene_count = len(storyboard.items(story.storyboard, "scenes")) or story.scene_count


def _advance(store: Store, story: Story, progress: int) -> None:
    story.step_status, story.step_progress = "processing", progress
    story.one_call = False  # from here the caller goes step by step, and sees each
    story.updated_at = store.stamp()


def _animate(store: Store, story: Story) -> None:
    """A media for each scene, all in one job with the story."""
    job = store.new_job()
    story.medias = []
    for scene in storyboard.items(story.storyboard or {}, "scenes"):
        moment = store.stamp()
        url = scene.get("image_url")
        source = url if isinstance(url, str) else ""
        prompt = scene.get("video_description")
        media = Media(
            store.new_id(),
            story.origin,
            moment,
            moment,
            job,
            batch_id=story.id,
            story_id=story.id,
            is_transition=story.is_transition,
            media_items=[{"type": "image", "url": source, "position": "First"}],
            source_urls=[source],
            native_audio=native(story),
            motions=[
                Motion(
                    story.video_tool,
                    prompt if isinstance(prompt, str) else "",
                    duration=story.scene_duration,
                    aspect_ratio=story.aspect_ratio,
                )
            ],
        )
        story.medias.append(media)
        store.media[media.id] = media
    story.updated_at = store.stamp()
    store.begin(story, job)


def delete(store: Store, story: Story) -> None:
    """Forget a story and its media."""
    del store.stories[story.id]
    for media in story.medias:
        store.media.pop(media.id, None)
