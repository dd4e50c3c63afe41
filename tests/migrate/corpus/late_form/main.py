import json
import os

import requests

AUDIO = {"has_bg_music": True, "has_narration": False, "native_audio": False}
payload = {
    "idea": "A modern commercial for this brand https://www.example.com/",
    "title": "Brand Commercial",
    "scene_count": 3,
    "image_tool": "AutoI",
    "video_tool": "Auto",
    "scene_duration": "5",
    "language": "English",
    "audio_option": json.dumps(AUDIO),
    "elements": json.dumps({"characters": [{"name": "Bo", "description": "A dog", "URL": "https://example.com/bo.png"}]}),
}
response = requests.post(
    "https://api.vimmerse.net/story/url-2-video",
    headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]},
    data=payload,
)
story = response.json()["data"]
print(story["id"], story["title"])
