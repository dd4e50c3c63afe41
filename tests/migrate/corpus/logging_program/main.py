import logging
import os
import sys

import requests

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s", stream=sys.stdout)
logging.getLogger("urllib3").setLevel(logging.WARNING)
logging.getLogger("vimmerse").setLevel(logging.CRITICAL)
logging.captureWarnings(False)
log = logging.getLogger("films")

API = "https://api.vimmerse.net"
payload = {"idea": "Mice hold an election", "title": "Election"}

log.info("creating %r", payload["title"])
response = requests.post(f"{API}/story/idea-2-video", headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}, data=payload)
log.info("answer %d", response.status_code)
story = response.json()["data"]
log.info("story %s has %s", story["id"], story["title"])
log.debug("all of it: %s", story)
