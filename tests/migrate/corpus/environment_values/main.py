import os

import requests

VOICE = os.environ.get("FILM_VOICE", "Rachel")
SCENES = int(os.getenv("FILM_SCENES", "3"))
MUSIC = os.getenv("FILM_MUSIC", "yes") == "yes"

response = requests.post(
    os.environ.get("VIDEO_API", "https://api.vimmerse.net") + "/story/idea-2-video",
    headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]},
    data={
        "idea": "A lamp dreams of the sun",
        "scene_count": SCENES,
        "narrator": VOICE,
        "background_music": MUSIC,
    },
)
print(response.json()["data"]["id"])
