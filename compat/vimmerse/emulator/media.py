"""What happens to media, whichever version asks: creation, edits, new generations."""

from __future__ import annotations

from vimmerse.emulator import _prices
from vimmerse.emulator.lifecycle import Job
from vimmerse.emulator.models import Media, Motion, Version
from vimmerse.emulator.store import Store


def new_media(store: Store, version: Version) -> Media:
    """A media that is not kept yet: nothing remains of a refused call."""
    moment = store.stamp()
    # The job is only a placeholder: launch() gives it the one that next_job planned.
    return Media(store.new_id(), version, moment, moment, Job(store.settings.plan(), 0.0))


def price(media: Media) -> int:
    """Credits of one generation: every clip of every motion."""
    return sum(
        _prices.price(motion.tool, clips=motion.quantity, seconds=motion.duration, native_audio=media.native_audio)
        for motion in media.motions
    )


def launch(store: Store, media: Media, operation: str) -> None:
    """Charge for a new media, keep it and let its job begin."""
    store.charge(operation, media.id, price(media))
    store.media[media.id] = media
    store.begin(media, store.new_job())


def generate_again(store: Store, media: Media, operation: str) -> None:
    """Charge for a new generation of a media with what it holds now, and let it begin."""
    store.charge(operation, media.id, price(media))
    media.generation += 1
    media.results = []
    media.updated_at = store.stamp()
    # It is a media of its own from here: its story has had its film.
    media.story_id = ""
    store.begin(media, store.new_job())


def edited(motion: Motion, **changes: object) -> Motion:
    """A motion with some fields changed; None leaves a field as it is."""
    given = {name: value for name, value in changes.items() if value is not None}
    if not given:
        return motion
    found = Motion(motion.tool, motion.prompt, motion.quantity, motion.duration, motion.loop, motion.aspect_ratio)
    for name, value in given.items():
        setattr(found, name, value)
    return found
