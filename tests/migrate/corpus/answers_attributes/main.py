import os

import requests


class Film:
    """One film: created when it is first asked for."""

    api = "https://api.vimmerse.net"

    def __init__(self, idea):
        self.idea = idea
        self.headers = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}
        self.story = None
        self.last = None

    def start(self):
        self.last = requests.post(f"{self.api}/story/idea-2-video", headers=self.headers, data={"idea": self.idea})
        self.story = self.last.json()["data"]
        return self

    def refresh(self):
        self.last = requests.get(f"{self.api}/story/{self.story['id']}", headers=self.headers)
        self.last.raise_for_status()
        self.story = self.last.json()["data"]
        return self

    @property
    def url(self):
        return self.story["video_url"]


film = Film("A kettle sings opera").start()
print(film.story["id"])
film.refresh().refresh()
print(film.url or "none yet", film.last.status_code)
