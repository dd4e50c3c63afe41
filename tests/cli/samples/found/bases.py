import os
from os import getenv
from urllib.parse import urljoin

import httpx
import requests

HOST = "api.vimmerse.net"
BASE = f"https://{HOST}"
ENDPOINTS = {"prompt": BASE + "/media/prompt", "upload": "/".join([BASE, "media", "upload"])}
FROM_ENV = os.environ.get("VIMMERSE_V1", "https://api.vimmerse.net/")
CHOSEN = getenv("VIMMERSE_HOST") or BASE
HEADERS = {"X-Api-Key": os.environ["VIMMERSE_KEY"]}


class Settings:
    root = BASE
    media = root + "/media"


class Api:
    def __init__(self, root: str = Settings.root) -> None:
        self.root = root.rstrip("/")
        self.session = requests.Session()

    def scenes(self, story: str, option: str) -> requests.Response:
        payload = {"option": option, "aspect_ratio": "16:9"}
        payload["seed"] = "7"
        return self.session.post(f"{self.root}/story/{story}/scenes", data=payload)

    def elements(self, story: str, **fields: object) -> requests.Response:
        url = self.root
        url += f"/story/{story}/elements"
        return self.session.post(url, data=fields)


def all_of_them(media: str, wide: bool) -> None:
    requests.post(ENDPOINTS["prompt"], json={"title": "Wide" if wide else "Tall"})
    requests.post(ENDPOINTS.get("upload"), headers=HEADERS)
    requests.post(Settings.media, data=dict(prompt="Rain", camera_control="Crane up"))
    requests.get(urljoin(FROM_ENV, f"media/{media}"), headers=HEADERS)
    requests.put(CHOSEN + "/media/" + media + "/edit", data={"title": "New"} | {"rating": "5"})
    with httpx.Client(base_url=BASE, headers=HEADERS) as client:
        client.get(f"/media/{media}/processing-status")
        client.request("GET", f"media/{media}/download", params={"object_type": "gif", "width": "640"})
    for step in ("videos", "concat"):
        requests.post("{base}/story/{id}/{step}".format(base=BASE, id=media, step=step))
    if wide:
        address = BASE + "/story/url-2-video"
    else:
        address = BASE + "/story/images-2-video"
    httpx.post(address, data=[("image_urls", "https://example.com/1.png"), ("image_urls", "https://example.com/2.png")])
