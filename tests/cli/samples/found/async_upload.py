import json

import httpx

MEDIA = "https://api.vimmerse.net/media"


async def send(first: str, last: str, title: str) -> str:
    presets = [{"MotionType": name, "Params": "Prompt=|Quantity=1|Zoom=2"} for name in ("Auto", "Parallax")]
    async with httpx.AsyncClient() as client:
        with open(first, "rb") as start, open(last, "rb") as end:
            answer = await client.post(
                f"{MEDIA}/upload",
                data={"data": json.dumps({"title": title, "pose_preset": presets})},
                files=[("image", ("a.png", start, "image/png")), ("image", ("b.png", end, "image/png"))],
            )
        async with client.stream("GET", f"{MEDIA}/{answer.json()['data']['id']}/download?motion_type=Auto2") as video:
            return str(video.status_code)
