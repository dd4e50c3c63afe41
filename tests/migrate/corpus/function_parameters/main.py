import os

import requests


def clip(prompt, *, title="", seconds: int = 5, loops: int = 1, url=None):
    fields = {"prompt": prompt, "title": title, "duration": seconds, "loop": loops}
    if url:
        fields["image_urls"] = [url]
    response = requests.post(
        "https://api.vimmerse.net/media",
        headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]},
        data=fields,
    )
    response.raise_for_status()
    return response.json()["data"]["id"]


print(clip("A ship in a bottle sets sail", title="Ship"))
print(clip("A ship in a bottle sets sail", seconds=8, url="https://example.com/ship.png"))
