import os
import time

import requests

API = "https://api.vimmerse.net"


def video(idea, title=None, poll=5.0):
    headers = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}

    def story(story_id):
        response = requests.get(f"{API}/story/{story_id}", headers=headers)
        return response.json()["data"]

    def finished(one):
        return one["status"] in ["success", "fail"]

    payload = {"idea": idea, "scene_count": 2}
    if title is not None:
        payload["title"] = title
    response = requests.post(f"{API}/story/idea-2-video", headers=headers, data=payload)
    current = response.json()["data"]
    while not finished(current):
        time.sleep(poll)
        current = story(current["id"])
    return current["video_url"] if current["status"] == "success" else None


print(video("A tie goes fishing", "Tie"))
