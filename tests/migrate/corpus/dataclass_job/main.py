from __future__ import annotations

import os
import time
from dataclasses import dataclass, field

import requests

API = "https://api.vimmerse.net"
HEADERS = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}


@dataclass
class Clip:
    id: str
    title: str
    urls: list[str] = field(default_factory=list)

    @classmethod
    def from_answer(cls, answer: dict) -> Clip:
        data = answer["data"]
        return cls(id=data["id"], title=data["title"], urls=[item["url"] for item in data["result"]])

    @property
    def ready(self) -> bool:
        return bool(self.urls)


def create(prompt: str) -> Clip:
    response = requests.post(f"{API}/media", headers=HEADERS, data={"prompt": prompt, "title": "Clip", "duration": 5})
    response.raise_for_status()
    return Clip.from_answer(response.json())


def refresh(clip: Clip) -> Clip:
    response = requests.get(f"{API}/media/{clip.id}", headers=HEADERS)
    response.raise_for_status()
    return Clip.from_answer(response.json())


clip = create("A lantern floats over a lake")
for _ in range(20):
    if clip.ready:
        break
    time.sleep(3)
    clip = refresh(clip)
print(clip.id, clip.title)
print(len(clip.urls), "video:", clip.urls[0])
