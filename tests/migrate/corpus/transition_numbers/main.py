import os
import requests

headers = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}
r = requests.post("https://api.vimmerse.net/story/idea-2-video", headers=headers, data={
    "idea": "Autumn leaves learn to fly",
    "is_transition": "Yes",
    "scene_count": "5",
    "duration": "10",
    "motion_type": "klingai",
    "visibility_status": "1",
    "loop": "1",
})
story = r.json()["data"]
print(story["id"], bool(story["is_transition"]))
