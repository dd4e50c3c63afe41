import os

import httpx

payload = {
    "idea": "Smoothie promo with fresh berries on a wooden table",
    "image_urls": ["https://example.com/image1.jpg", "https://example.com/image2.jpg"],
    "title": "Smoothie Promo",
    "video_tool": "Auto",
    "scene_duration": 5,
    "is_transition": True,
    "audio_option": {"has_bg_music": True, "has_narration": True, "native_audio": False},
}
with httpx.Client() as client:
    response = client.post(
        "https://api.vimmerse.net/story/images-2-video",
        headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]},
        json=payload,
    )
story = response.json()["data"]
print(story["id"], story["title"])
