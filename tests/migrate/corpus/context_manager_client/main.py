import os
import time

import httpx


class Studio:
    def __init__(self, api_key: str) -> None:
        self._http = httpx.Client(base_url="https://api.vimmerse.net/", headers={"X-Api-Key": api_key})

    def __enter__(self) -> "Studio":
        return self

    def __exit__(self, *error: object) -> None:
        self._http.close()

    def film(self, idea: str, **options: str) -> str:
        answer = self._http.post("story/idea-2-video", data={"idea": idea, "aspect_ratio": "1:1"})
        answer.raise_for_status()
        return answer.json()["data"]["id"]

    def poll(self, story_id: str) -> "dict[str, object]":
        for _ in range(30):
            story = self._http.get(f"story/{story_id}").json()["data"]
            if story["status"] in {"success", "fail"}:
                return story
            time.sleep(2)
        raise TimeoutError(story_id)


with Studio(os.environ["VIMMERSE_API_KEY"]) as studio:
    story_id = studio.film("A sundial buys a torch")
    print(studio.poll(story_id)["id"] == story_id)
