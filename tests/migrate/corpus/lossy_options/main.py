import os
import requests

headers = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}
payload = {
    "idea": "A river in a desert",
    "option": "FluxKontextPro",  # v2 has no such model
    "motion_type": "RunwayML",
    "duration": 6,
    "seed": 4669,
    "enhance_image": True,
}
r = requests.post("https://api.vimmerse.net/story/idea-2-video", headers=headers, data=payload)
story = r.json()["data"]
print(story["id"])
