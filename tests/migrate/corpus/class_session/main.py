"""A small client for videos, as a class with a session."""

import os
import sys
import time

import requests


class VideoError(Exception):
    """The service could not make the video."""


class VideoClient:
    def __init__(self, key, base="https://api.vimmerse.net"):
        self.base = base.rstrip("/")
        self.session = requests.Session()
        self.session.headers.update({"X-Api-Key": key})

    def _url(self, path):
        return self.base + path

    def create(self, idea, scenes=3):
        answer = self.session.post(
            self._url("/story/idea-2-video"),
            data={"idea": idea, "scene_count": scenes, "motion_type": "Pixverse"},
            timeout=60,
        )
        answer.raise_for_status()
        return answer.json()["data"]

    def get(self, story_id):
        answer = self.session.get(self._url(f"/story/{story_id}"), timeout=30)
        answer.raise_for_status()
        return answer.json()["data"]

    def wait(self, story_id, pause=5):
        while True:
            story = self.get(story_id)
            if story["status"] == "success":
                return story
            if story["status"] == "fail":
                raise VideoError(story_id)
            time.sleep(pause)


def slugify(text):
    # nothing to do with the service
    return "-".join(text.lower().split())


if __name__ == "__main__":
    client = VideoClient(os.environ["VIMMERSE_API_KEY"])
    story = client.create(sys.argv[1])
    print("started", story["id"])
    try:
        done = client.wait(story["id"])
    except VideoError as error:
        sys.exit(f"failed: {error}")
    print(slugify(sys.argv[1]), done["video_url"])
