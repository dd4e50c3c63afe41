import os

import requests

key = os.environ["VIMMERSE_API_KEY"]
files = {"image_files": open("start.png", "rb")}
response = requests.post(
    "https://api.vimmerse.net/media",
    headers={"X-Api-Key": key},
    data={"prompt": "The picture comes alive", "motion_type": "Auto"},
    files=files,
)
response.raise_for_status()
print(response.json()["data"]["id"])
