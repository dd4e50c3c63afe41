"""Made for https://api.vimmerse.net/story first, and since moved."""

import requests

BASE = "https://api.vimmerse.net/v2"
API = "https://api.vimmerse.net"
# requests.post("https://api.vimmerse.net/story/idea-2-video")

requests.post(f"{BASE}/story/idea-2-video", json={"idea": "A kite"})
requests.get(f"{API}/v2/media/{1}")
requests.post(API + "/v2/media", json={"prompt": "A kite"})
raise ValueError("https://api.vimmerse.net/story can't be reached")
