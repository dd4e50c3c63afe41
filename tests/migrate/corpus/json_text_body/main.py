import json
import os

import requests

headers = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"], "Content-Type": "application/json"}
body = {
    "title": "Lamp",
    "pose_preset": [{"MotionType": "Pixverse", "Params": "Prompt=A lamp blinks|Quantity=1|MotionLength=5|Loop=1"}],
}
response = requests.post("https://api.vimmerse.net/media/prompt", data=json.dumps(body), headers=headers)
print(response.json()["data"]["title"])
