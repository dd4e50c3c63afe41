import os

import requests

STORY_API = "https://api.vimmerse.net/story/"

fields = {"idea": "A bee opens a post office", "scene_count": 3}
fields.update({"narrator": "Matilda", "background_music": "no"})
fields.update(title="Post office", duration=5)
fields.setdefault("aspect_ratio", "4:3")

answer = requests.post(
    STORY_API + "idea-2-video", fields, headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}
)
answer.raise_for_status()
print(answer.json()["data"]["title"])
