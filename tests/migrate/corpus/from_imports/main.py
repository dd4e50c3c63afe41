from os import environ
from time import sleep

from requests import Session, get, post
import requests as rq

KEY = {"X-Api-Key": environ["VIMMERSE_API_KEY"]}

media = post("https://api.vimmerse.net/media", data={"prompt": "A zip becomes a railway"}, headers=KEY).json()["data"]
while media["processing_status"] not in ("success", "fail", "cancel"):
    sleep(2)
    media = get("https://api.vimmerse.net/media/" + media["id"], headers=KEY).json()["data"]
print(media["id"])

with Session() as s:
    s.headers.update(KEY)
    print(s.get(f"https://api.vimmerse.net/media/{media['id']}").json()["data"]["title"] == media["title"])

try:
    rq.get("https://api.vimmerse.net/media/none", headers=KEY).raise_for_status()
except rq.HTTPError as error:
    print(error.response.status_code)
