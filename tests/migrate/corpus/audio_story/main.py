import os

import requests

API = "https://api.vimmerse.net"
headers = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}

silent = requests.post(f"{API}/story/idea-2-video", headers=headers, data={
    "idea": "A whisper crosses a library",
    "background_music": False,
    "narrator": "",
})
print("silent", silent.json()["data"]["id"])

spoken = requests.post(f"{API}/story/idea-2-video", headers=headers, data={
    "idea": "A lecture about lemons",
    "narrator": "Daniel",
    "background_music": "true",
    "sound_effects": "No",
})
print("spoken", spoken.json()["data"]["id"])

plain = requests.post(f"{API}/story/idea-2-video", headers=headers, data={"idea": "A walk"})
print("plain", plain.json()["data"]["id"])

step = requests.post(f"{API}/story", headers=headers, data={"idea": "A swim", "has_bg_music": "false"})
print("step", step.json()["data"]["id"])
