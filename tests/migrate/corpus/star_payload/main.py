import os

import requests

API = "https://api.vimmerse.net"
HEADERS = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}

# What all our films have in common.
HOUSE_STYLE = {
    "aspect_ratio": "16:9",
    "motion_type": "KlingAI",
    "narrator": "Brian",
    "background_music": False,
}


def film(idea, title):
    body = {**HOUSE_STYLE, "idea": idea, "title": title}
    response = requests.post(f"{API}/story/idea-2-video", headers=HEADERS, data=body)
    response.raise_for_status()
    return response.json()["data"]


for idea, title in [("A clock runs backwards", "Clock"), ("A map draws itself", "Map")]:
    story = film(idea, title)
    print(title, story["id"])
