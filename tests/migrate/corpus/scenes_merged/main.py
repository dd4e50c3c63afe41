import json
import os
import sys

import requests

story_id = sys.argv[1]
url = f"https://api.vimmerse.net/story/{story_id}/videos"
payload = {
    "title": "The lemonade spring, once more",
    "storyboard": json.dumps({"characters": [], "environments": [], "objects": [], "scenes": [
        {"name": "Spring", "image_description": "A spring of lemonade", "image_url": "https://example.com/1.png"},
        {"name": "Feast", "image_description": "All drink", "image_url": "https://example.com/2.png"},
    ]}),
    "scenes": json.dumps([
        {"prompt": "Bubbles rise"},
        {"prompt": "They dance"},
    ]),
}
headers = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}
response = requests.post(url, headers=headers, data=payload)
story = response.json()["data"]
print(response.status_code, story["id"] == story_id)
