"""The emulator's memory: what exists, what it cost, when it ends. Callers hold ``lock`` while they change something."""

from __future__ import annotations

import heapq
import itertools
import random
import threading
import uuid
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from vimmerse.emulator.errors import RequestError, bad_request
from vimmerse.emulator.files import Files, ServedFile, sample_file, video
from vimmerse.emulator.lifecycle import SUCCESS, AfterPolls, AfterSeconds, GenerationJob, Plan
from vimmerse.emulator.models import Asset, Charge, Generation, Media, Result, Story, Version
from vimmerse.emulator.records import RecordedRequest, RecordedWebhook, Upload
from vimmerse.emulator.settings import Settings

Item = TypeVar("Item", Story, Media)

_EPOCH = datetime(2025, 4, 1, 18, 57, 37, 355064, tzinfo=UTC)
_STEP = timedelta(seconds=1, microseconds=1009)


@contextmanager
def unchanged_on_error(item: Story | Media) -> Iterator[None]:
    """Restore a story or media if the call that changes it ends with an error."""
    before = {field.name: getattr(item, field.name) for field in fields(item)}
    try:
        yield
    except Exception:
        for name, value in before.items():
            setattr(item, name, value)
        raise


class Store:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.new_locks()
        self.files = Files()
        # Called under the lock when the job of a story or a media has ended.
        self.on_end: Callable[[Story | Media, str], None] = lambda owner, status: None
        # Called when a job has started that ends after so many seconds.
        self.on_timed: Callable[[float], None] = lambda seconds: None
        self.reset()

    def new_locks(self) -> None:
        """Replace the locks: in a forked child, the thread that held the old ones is gone."""
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)

    def reset(self) -> None:
        """Forget everything. The seed is the same, so the same ids come again."""
        self._random = random.Random(self.settings.seed)
        self.new_ids: list[str] = []  # those of the request that is being handled
        self._timestamps = (_EPOCH + index * _STEP for index in itertools.count())
        self._order = itertools.count()
        self._timed: list[tuple[float, int, Story | Media, GenerationJob]] = []
        self.credits_left: int | None = self.settings.credits
        self.media: dict[str, Media] = {}
        self.stories: dict[str, Story] = {}
        self.charges: list[Charge] = []
        self.uploads: list[Upload] = []
        self.requests: list[RecordedRequest] = []
        self.file_requests: list[RecordedRequest] = []
        self.webhooks: list[RecordedWebhook] = []
        self.plans: deque[Plan] = deque()
        self.files.clear()

    def new_id(self) -> str:
        """The next id, in the form of a UUID."""
        identifier = str(uuid.UUID(int=self._random.getrandbits(128), version=4))
        self.new_ids.append(identifier)
        return identifier

    def timestamp(self) -> str:
        """The next moment, as v2 writes it. Moments are invented: they follow from the order of the calls."""
        return next(self._timestamps).isoformat(timespec="microseconds")

    def new_image(self, story_id: str) -> str:
        """The URL of a new generated file, as for the two below."""
        return self.files.add(f"/images/{story_id}/{self.new_id()}.png", sample_file("png"))

    def new_music(self, story_id: str) -> str:
        return self.files.add(f"/audio/{story_id}/{self.new_id()}.mp3", sample_file("mp3"))

    def new_narration(self, story_id: str, index: int) -> str:
        return self.files.add(f"/audio/{story_id}/scene-{index + 1}.mp3", sample_file("mp3"))

    def add_upload(self, upload: Upload) -> Asset:
        """Give an uploaded file a URL, where the sample picture stands for what was too large to keep."""
        if not upload.size:
            raise bad_request(f"The file {upload.filename or upload.field!r} is empty.")
        identifier = self.new_id()
        _, dot, extension = upload.filename.lower().rpartition(".")
        if not (dot and extension.isalnum() and extension.isascii()):
            extension = "png"
        file = sample_file("png") if upload.content is None else ServedFile(upload.content, upload.content_type)
        return Asset(identifier, self.files.add(f"/uploads/{identifier}.{extension}", file), self.timestamp())

    def charge(self, operation: str, identifier: str, credits: int) -> None:
        """Take the credits of a paid job, or raise the 402."""
        self.require_credits(credits)
        if self.credits_left is not None:
            self.credits_left -= credits
        self.charges.append(Charge(operation, identifier, credits))

    def require_credits(self, credits: int = 1) -> None:
        """Raise the 402 if the balance is lower."""
        if self.credits_left is not None and self.credits_left < credits:
            raise RequestError(402, "INSUFFICIENT_CREDIT", "There are not enough credits for this request.")

    def new_job(self) -> GenerationJob:
        plan = self.plans.popleft() if self.plans else Plan(self.settings.transition)
        return GenerationJob(plan, self.settings.clock())

    def start_job(self, owner: Story | Media, job: GenerationJob) -> None:
        """Start the job of a story or a media. It may end at once."""
        owner.job = job
        transition = job.plan.transition
        if isinstance(transition, AfterSeconds):
            due = job.started_at + transition.seconds
            heapq.heappush(self._timed, (due, next(self._order), owner, job))
            self.tick()
            self.on_timed(transition.seconds)
        elif isinstance(transition, AfterPolls):
            self.settle(owner, job)

    def tick(self) -> None:
        now = self.settings.clock()
        while self._timed and self._timed[0][0] <= now:
            _, _, owner, job = heapq.heappop(self._timed)
            self.settle(owner, job)

    def settle(self, owner: Story | Media, job: GenerationJob) -> None:
        """If a job has just ended, create its results and call its webhook."""
        now = self.settings.clock()
        # A newer generation of the same media replaces an older one.
        if job.settled or owner.job is not job or job.fraction(now) < 1.0:
            return
        status = job.final_status = job.status(now)
        job.settled = True
        owner.updated_at = self.timestamp()
        if status == SUCCESS:
            for media in owner.media if isinstance(owner, Story) else [owner]:
                # Composing a video again creates no new clips.
                if media.job is job:
                    media.updated_at = owner.updated_at
                    self._add_results(media)
            if isinstance(owner, Story):
                self._compose(owner)
        self.on_end(owner, status)

    def _add_results(self, media: Media) -> None:
        counts: Counter[str] = Counter()
        media.results = []
        for motion in media.motions:
            for _ in range(motion.quantity):
                counts[motion.tool] += 1
                name = f"{motion.tool}{counts[motion.tool]}"
                label = f"{media.id}/{media.generation}/{name}"
                url = self.files.add(f"/results/{label}.mp4", video(label, self.settings.result_size))
                media.results.append(Result(name, motion.tool, url))
        media.history.append(Generation(tuple(media.motions), media.native_audio, media.updated_at))

    def _compose(self, story: Story) -> None:
        story.compositions += 1
        label = f"{story.id}/{story.compositions}"
        story.video_url = self.files.add(f"/stories/{label}.mp4", video(label, self.settings.result_size))

    def find_story(self, version: Version, identifier: str) -> Story:
        # v1's code for a story is the bare one.
        code = "NOT_FOUND" if version == "v1" else "STORY_NOT_FOUND"
        return self._visible(version, self.stories.get(identifier), code, "story")

    def find_media(self, version: Version, identifier: str) -> Media:
        return self._visible(version, self.media.get(identifier), "MEDIA_NOT_FOUND", "media")

    def _visible(self, version: Version, item: Item | None, code: str, kind: str) -> Item:
        if item is None or not (self.settings.shared_ids or version == item.origin):
            raise RequestError(404, code, f"The requested {kind} does not exist or is not yours.")
        return item

    def poll_story(self, version: Version, identifier: str) -> Story:
        """A story, read by a client: that counts as a poll."""
        story = self.find_story(version, identifier)
        if story.job is not None:
            story.job.poll()
            self.settle(story, story.job)
        return story

    def poll_media(self, version: Version, identifier: str) -> Media:
        media = self.find_media(version, identifier)
        media.job.poll()
        # A story's media share the story's job.
        self.settle(self.stories.get(media.story_id) or media, media.job)
        return media

    def video_url(self, story: Story) -> str:
        """The URL of a story's video; empty until it is composed."""
        job = story.job
        if job is None or not job.settled or job.polls_since_end < self.settings.compose_polls:
            return ""
        return story.video_url

    def finish(self, identifier: str, status: str) -> None:
        owner = self.stories.get(identifier) or self.media.get(identifier)
        if owner is None:
            raise KeyError(f"there is no story or media {identifier!r}")
        if isinstance(owner, Media) and owner.story_id:
            raise ValueError(f"media {identifier!r} ends with its story: finish({owner.story_id!r})")
        if owner.job is None:
            raise ValueError(f"story {identifier!r} has no videos under way yet")
        if owner.job.settled:
            raise ValueError(f"{identifier!r} has already ended ({owner.job.final_status})")
        owner.job.final_status = status
        self.settle(owner, owner.job)
