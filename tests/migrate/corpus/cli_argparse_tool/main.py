import argparse
import os

import requests

parser = argparse.ArgumentParser()
parser.add_argument("prompt")
parser.add_argument("--tool", default="Auto", help="what moves the picture")
parser.add_argument("--seconds", default="5")
parser.add_argument("--sound", default="No")
args = parser.parse_args()

response = requests.post(
    "https://api.vimmerse.net/media",
    headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]},
    data={
        "prompt": args.prompt,
        "motion_type": args.tool,
        "duration": args.seconds,
        "sound_effects": args.sound,
    },
)
print(response.json()["data"]["id"])
