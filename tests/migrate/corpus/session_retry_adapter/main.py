import os

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

API_ROOT = "https://api.vimmerse.net"


def build_session():
    session = requests.Session()
    retry = Retry(total=3, backoff_factor=0.5, status_forcelist=[502, 503, 504], allowed_methods=["GET"])
    session.mount("https://", HTTPAdapter(max_retries=retry))
    session.headers["X-Api-Key"] = os.environ["VIMMERSE_API_KEY"]
    return session


session = build_session()
res = session.post(
    API_ROOT + "/story/idea-2-video",
    data={
        "idea": "A snail delivers the mail",
        "scene_count": "4",        # a form has only text
        "duration": "10",
        "background_music": "false",
        "narrator": "George",
    },
)
res.raise_for_status()
body = res.json()
story = body["data"]
res = session.get(API_ROOT + "/story/" + story["id"])
print(story["id"] == res.json()["data"]["id"], len(res.json()["data"]["id"]) > 3)
