import os

import requests

# Sound effects: in v2 this silences the narrator and doubles the price.
response = requests.post(
    "https://api.vimmerse.net/story/idea-2-video",
    headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]},
    data={"idea": "Thunder over a tin roof", "sound_effects": "Yes", "narrator": "River"},
)
print(response.json()["data"]["id"])
