"""Create two transitions from one image to another, and save the first. Arguments: [FIRST LAST]."""

import json

import requests
from v1_common import HEADERS, IMAGES, argument, data_of, save, show, wait_for_media

MEDIA = "https://api.vimmerse.net/media"

request = {
    "title": "From dawn to dusk",
    "is_transition": "Yes",
    "pose_preset": [
        {
            "MotionType": "Auto",
            "Params": "Prompt=|PromptStrength=1|Quantity=2|MotionAmount=5|MotionLength=5|Loop=1",
        }
    ],
}
first = argument(1, str(IMAGES / "start_frame.png"))
last = argument(2, str(IMAGES / "end_frame.png"))
with open(first, "rb") as start, open(last, "rb") as end:
    files = [("image", ("f1.png", start, "image/png")), ("image", ("f2.png", end, "image/png"))]
    response = requests.post(
        f"{MEDIA}/upload", headers=HEADERS, data={"data": json.dumps(request)}, files=files, timeout=60
    )
media = data_of(response)
show(media)

wait_for_media(media["id"])
url = f"{MEDIA}/{media['id']}/download?object_type=bullet_video_mp4&motion_type=Auto1"
save(requests.get(url, headers=HEADERS, timeout=60), "transition.mp4")
