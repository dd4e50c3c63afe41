import os
import requests

auth = dict([("X-Api-Key", os.environ["VIMMERSE_API_KEY"])])
params = dict(
    prompt="A paper crane unfolds",
    title="Crane",
    motion_type="Seedance",
    sound_effects="No",
    loop=1,
    quantity="2",
)
answer = requests.post("https://api.vimmerse.net/media", data=params, headers=auth).json()
media = answer.get("data")
print(media.get("id"), media.get("title"))
