"""Create a media with several motions from one image: three camera paths, and two videos with an automatic motion.

Waits for the media and saves the first automatic one. Arguments: [IMAGE].
"""

import json

import requests
from v1_common import HEADERS, IMAGES, argument, data_of, save, show, wait_for_media

MEDIA = "https://api.vimmerse.net/media"

paths = [
    {
        "MotionType": "Parallax",
        "Params": f"CameraPath={path}|Prompt=|Quantity=1|MotionAmount=5|MotionLength=5|Loop=1",
    }
    for path in ("HorizontalArc", "Cross", "StepD")
]
takes = {
    "MotionType": "Auto",
    "Params": "Prompt=|PromptStrength=1|Quantity=2|MotionAmount=5|MotionLength=5|Loop=1",
}
request = {"title": "One picture, five videos", "pose_preset": [*paths, takes]}

with open(argument(1, str(IMAGES / "start_frame.png")), "rb") as image:
    response = requests.post(
        f"{MEDIA}/upload",
        headers=HEADERS,
        data={"data": json.dumps(request)},
        files=[("image", ("picture.png", image, "image/png"))],
        timeout=60,
    )
media = data_of(response)
show(media)

wait_for_media(media["id"])
url = f"{MEDIA}/{media['id']}/download?object_type=bullet_video_mp4&motion_type=Auto1"
save(requests.get(url, headers=HEADERS, timeout=60), "motions.mp4")
