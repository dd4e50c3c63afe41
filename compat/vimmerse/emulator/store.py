"""The emulator's memory: what exists, what it cost, when it ends. Every method takes the lock itself."""

from __future__ import annotations

import heapq
import itertools
import random
import threading
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime, timedelta

from vimmerse.emulator.bodies import Upload
from vimmerse.emulator.files import Files, plain, video
from vimmerse.emulator.lifecycle import SUCCESS, AfterPolls, AfterSeconds, Job, Plan
from vimmerse.emulator.models import Asset, Charge, Generation, Media, Result, Story, Version
from vimmerse.emulator.records import RecordedRequest, RecordedWebhook
from vimmerse.emulator.settings import Settings

_EPOCH = datetime(2025, 4, 1, 18, 57, 37, 355064, tzinfo=UTC)
_STEP = timedelta(seconds=1, microseconds=1009)


class Refused(Exception):
    """The server says no: an HTTP status, a constant for programs and a sentence for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def not_found(version: Version, kind: str) -> Refused:
    """The 404 of a story or a media. v1's word for a story is the bare one."""
    code = "NOT_FOUND" if (version, kind) == ("v1", "story") else f"{kind.upper()}_NOT_FOUND"
    return Refused(404, code, f"The requested {kind} does not exist or is not yours.")


def bad_request(message: str) -> Refused:
    """A 400 with its reason."""
    return Refused(400, "BAD_REQUEST", message)


@contextmanager
def unchanged_if_refused(item: Story | Media) -> Iterator[None]:
    """Undo what a call set on a story or media where the call is refused half-way."""
    before = {one.name: getattr(item, one.name) for one in fields(item)}
    try:
        yield
    except Exception:
        for name, value in before.items():
            setattr(item, name, value)
        raise


class Store:
    """All that one emulator remembers."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.new_locks()
        self.files = Files()
        # Called under the lock when a job of a story or a media has ended.
        self.on_end: Callable[[Story | Media, str], None] = lambda owner, status: None
        # Called when a job has begun that ends after so many seconds.
        self.on_timed: Callable[[float], None] = lambda seconds: None
        self.forget()

    def new_locks(self) -> None:
        """Locks that nobody holds: in a forked child, the thread that held the old ones is gone."""
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)

    def forget(self) -> None:
        """Back to the beginning: same seed, so the same ids will come again."""
        with self.lock:
            self._rng = random.Random(self.settings.seed)
            self._moments = itertools.count()
            self._order = itertools.count()
            self._timed: list[tuple[float, int, Story | Media, Job]] = []
            self.credits_left: int | None = self.settings.credits
            self.media: dict[str, Media] = {}
            self.stories: dict[str, Story] = {}
            self.assets: dict[str, Asset] = {}
            self.charges: list[Charge] = []
            self.uploads: list[Upload] = []
            self.requests: list[RecordedRequest] = []
            self.file_requests: list[RecordedRequest] = []
            self.webhooks: list[RecordedWebhook] = []
            self.plans: deque[Plan] = deque()
            self.files.clear()

    def note_request(self, record: RecordedRequest) -> None:
        """Remember a request to the API."""
        with self.lock:
            self.requests.append(record)

    def note_file_request(self, record: RecordedRequest) -> None:
        """Remember a request to the files' origin."""
        with self.lock:
            self.file_requests.append(record)

    # ---- names and times

    def new_id(self) -> str:
        """The next id, of a UUID's form."""
        with self.lock:
            return str(uuid.UUID(int=self._rng.getrandbits(128), version=4))

    def stamp(self) -> str:
        """The next moment, as v2 writes it. Moments are made up: they follow from the order of the calls."""
        with self.lock:
            return (_EPOCH + next(self._moments) * _STEP).isoformat(timespec="microseconds")

    def image(self, story_id: str) -> str:
        """The URL of a new generated picture."""
        return self.files.add(f"/images/{story_id}/{self.new_id()}.png", plain("png"))

    def sound(self, story_id: str) -> str:
        """The URL of a new generated track."""
        return self.files.add(f"/audio/{story_id}/{self.new_id()}.mp3", plain("mp3"))

    def speech(self, story_id: str, index: int) -> str:
        """The URL of a scene's recorded narration."""
        return self.files.add(f"/audio/{story_id}/scene-{index + 1}.mp3", plain("mp3"))

    # ---- credits

    def charge(self, operation: str, identifier: str, credits: int) -> None:
        """Take the credits of a paid job, or refuse it with 402."""
        with self.lock:
            self.require(credits)
            if self.credits_left is not None:
                self.credits_left -= credits
            self.charges.append(Charge(operation, identifier, credits))

    def require(self, credits: int = 1) -> None:
        """Refuse with 402 where the balance is below this."""
        if self.credits_left is not None and self.credits_left < credits:
            raise Refused(402, "INSUFFICIENT_CREDIT", "There are not enough credits for this request.")

    # ---- jobs

    def new_job(self) -> Job:
        """A job by the next plan."""
        with self.lock:
            plan = self.plans.popleft() if self.plans else self.settings.plan()
            return Job(plan, self.settings.clock())

    def begin(self, owner: Story | Media, job: Job) -> None:
        """Let a job start; it may be over at once."""
        with self.lock:
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
        """Notice the timed jobs whose time has come."""
        with self.lock:
            now = self.settings.clock()
            while self._timed and self._timed[0][0] <= now:
                _, _, owner, job = heapq.heappop(self._timed)
                self.settle(owner, job)

    def settle(self, owner: Story | Media, job: Job) -> None:
        """If a job has just ended, make its results and tell its webhook."""
        with self.lock:
            now = self.settings.clock()
            # A newer generation of the same media has taken the place of an older one.
            if job.settled or owner.job is not job or job.fraction(now) < 1.0:
                return
            status = job.status(now)
            job.forced, job.settled = status, True
            owner.updated_at = self.stamp()
            if status == SUCCESS:
                for media in owner.medias if isinstance(owner, Story) else [owner]:
                    # Composing a film again makes no new clips.
                    if media.job is job:
                        media.updated_at = owner.updated_at
                        self._make_results(media)
                if isinstance(owner, Story):
                    self._compose(owner)
            self.on_end(owner, status)

    def _make_results(self, media: Media) -> None:
        counts: dict[str, int] = {}
        media.results = []
        for motion in media.motions:
            for _ in range(motion.quantity):
                counts[motion.tool] = counts.get(motion.tool, 0) + 1
                name = f"{motion.tool}{counts[motion.tool]}"
                path = f"/results/{media.id}/{media.generation}/{name}.mp4"
                file = video(f"{media.id}/{media.generation}/{name}", self.settings.result_size)
                media.results.append(Result(name, motion.tool, self.files.add(path, file)))
        number = len(media.history) + 1
        media.history.append(Generation(number, tuple(media.motions), media.native_audio, media.updated_at))

    def _compose(self, story: Story) -> None:
        story.compositions += 1
        name = f"{story.id}/{story.compositions}"
        story.film = self.files.add(f"/stories/{name}.mp4", video(name, self.settings.result_size))

    # ---- looking up

    def _sees(self, version: Version, origin: Version) -> bool:
        return self.settings.shared_ids or version == origin

    def story(self, version: Version, identifier: str) -> Story:
        """A story by its id, or 404."""
        found = self.stories.get(identifier)
        if found is None or not self._sees(version, found.origin):
            raise not_found(version, "story")
        return found

    def one_media(self, version: Version, identifier: str) -> Media:
        """A media by its id, or 404."""
        found = self.media.get(identifier)
        if found is None or not self._sees(version, found.origin):
            raise not_found(version, "media")
        return found

    def read_story(self, version: Version, identifier: str) -> Story:
        """A story for a client that asks how it is: counts as a poll."""
        with self.lock:
            story = self.story(version, identifier)
            if story.job is not None:
                story.job.poll()
                self.settle(story, story.job)
            return story

    def read_media(self, version: Version, identifier: str) -> Media:
        """A media for a client that asks how it is: counts as a poll."""
        with self.lock:
            media = self.one_media(version, identifier)
            media.job.poll()
            # A story's media share the story's job.
            self.settle(self.stories.get(media.story_id) or media, media.job)
            return media

    def film(self, story: Story) -> str:
        """The URL of a story's film; empty until it is composed."""
        job = story.job
        if job is None or not job.settled or job.polls_since_end < self.settings.compose_polls:
            return ""
        return story.film

    def finish(self, identifier: str, status: str) -> None:
        """End a job now."""
        with self.lock:
            owner = self.stories.get(identifier) or self.media.get(identifier)
            if owner is None:
                raise KeyError(f"there is no story or media {identifier!r}")
            if isinstance(owner, Media) and owner.story_id:
                raise ValueError(f"media {identifier!r} ends with its story: finish({owner.story_id!r})")
            if owner.job is None:
                raise ValueError(f"story {identifier!r} has no videos under way yet")
            if owner.job.settled:
                raise ValueError(f"{identifier!r} has already ended ({owner.job.forced})")
            owner.job.forced = status
            self.settle(owner, owner.job)
