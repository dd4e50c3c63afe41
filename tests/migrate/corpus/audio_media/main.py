import os

import httpx

fields = {
    "prompt": "A watch turns on a dark table",
    "narrator": "Sarah",
    "narration": "Introducing the next generation.",
    "bg_music_prompt": "Cinematic, subtle",
    "native_audio": "false",
}
answer = httpx.post(
    "https://api.vimmerse.net/media", data=fields, headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}
)
answer.raise_for_status()
print(answer.json()["data"]["id"])
