import httpx
import requests

SITE = "https://cms.example.com"
client = httpx.Client(base_url=SITE)
# api.vimmerse.net is mentioned, so this file is looked at closely

requests.post("https://example.com/story", data={"title": "News"})
requests.get("https://api.vimmerse.net.example.com/media/1")
requests.get(f"{SITE}/media/1")
client.get("/media/1")
requests.post("https://evil.example/?u=https://api.vimmerse.net/story")
MEDIA_ROOT = "/media"
open("/media/disk/story")
