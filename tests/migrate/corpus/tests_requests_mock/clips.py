import requests

API = "https://api.vimmerse.net"


class Clips:
    def __init__(self, key):
        self.session = requests.Session()
        self.session.headers["X-Api-Key"] = key

    def start(self, prompt):
        answer = self.session.post(f"{API}/media", data={"prompt": prompt, "motion_type": "KlingAI"})
        answer.raise_for_status()
        return answer.json()["data"]["id"]

    def result(self, media_id):
        media = self.session.get(f"{API}/media/{media_id}").json()["data"]
        return [item["url"] for item in media["result"]]
