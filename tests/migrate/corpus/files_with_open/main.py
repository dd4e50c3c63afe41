import os

import requests

API = "https://api.vimmerse.net"


def from_frames(first, last, title):
    """A video from the first frame to the last."""
    with open(first, "rb") as first_file, open(last, "rb") as last_file:
        response = requests.post(
            API + "/media",
            headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]},
            data={"title": title},
            files=[
                ("image_files", ("first.png", first_file, "image/png")),
                ("image_files", ("last.png", last_file, "image/png")),
            ],
            timeout=120,
        )
    response.raise_for_status()
    return response.json()["data"]


media = from_frames("a.png", "b.png", "Across")
print(media["title"])
