import os

import requests


def motion(prompt: str, seconds: int, repeat: int = 1) -> dict:
    return {
        "MotionType": "KlingAI",
        "Params": f"Prompt={prompt}|Quantity=1|MotionLength={seconds}|Loop={repeat}",
    }


response = requests.post(
    "https://api.vimmerse.net/media/prompt",
    headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]},
    json={"title": "Kites", "pose_preset": [motion("Kites over the dunes", 4)]},
)
response.raise_for_status()
print(response.json()["data"]["title"])
