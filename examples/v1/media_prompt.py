"""Create two videos from a prompt, sent as JSON, and save the first. Arguments: [PROMPT]."""

import requests
from v1_common import HEADERS, argument, data_of, save, show, wait_for_media

MEDIA = "https://api.vimmerse.net/media"

prompt = argument(1, "A pair of running shoes turns on a bright paper background.")
payload = {
    "title": "Shoes from words",
    "description": "Two takes for the shop window",
    "pose_preset": [
        {
            "MotionType": "Auto",
            "Params": f"Prompt={prompt}|PromptStrength=5|MotionAmount=5|MotionLength=5|Loop=1|Quantity=2",
        }
    ],
}
media = data_of(requests.post(f"{MEDIA}/prompt", headers=HEADERS, json=payload, timeout=60))
show(media)

wait_for_media(media["id"])
url = f"{MEDIA}/{media['id']}/download?object_type=bullet_video_mp4&motion_type=Auto1"
save(requests.get(url, headers=HEADERS, timeout=60), "prompt.mp4")
