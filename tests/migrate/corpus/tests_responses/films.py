import requests

API = "https://api.vimmerse.net"


def create(idea, key="key"):
    r = requests.post(f"{API}/story/idea-2-video", headers={"X-Api-Key": key}, data={"idea": idea, "narrator": "Laura"})
    if r.status_code == 402:
        raise LookupError(r.json()["message"])
    r.raise_for_status()
    return r.json()["data"]["id"]


def video_url(story_id, key="key"):
    story = requests.get(f"{API}/story/{story_id}", headers={"X-Api-Key": key}).json()["data"]
    return story["video_url"] if story["status"] == "success" else None
