import os

import requests


class Endpoint:
    ROOT = "https://api.vimmerse.net"
    MEDIA = ROOT + "/media"
    STORY = ROOT + "/story"

    @classmethod
    def media(cls, media_id):
        return f"{cls.MEDIA}/{media_id}"


class Tool:
    FAST = "VeoFast"
    BEST = "KlingAI"


KEY = os.environ["VIMMERSE_API_KEY"]
r = requests.post(Endpoint.MEDIA, headers={"X-Api-Key": KEY}, data={"prompt": "A ladder rests", "motion_type": Tool.FAST})
media = r.json()["data"]
r = requests.get(Endpoint.media(media["id"]), headers={"X-Api-Key": KEY})
print(r.json()["data"]["id"] == media["id"])
r = requests.post(Endpoint.STORY, headers={"X-Api-Key": KEY}, data={"idea": "A ladder tells its life", "scene_count": 2})
print(r.json()["data"]["id"])
