import time

from .const import MEDIA
from .http import session, unwrap


def start(prompt, seconds=5):
    return unwrap(session.post(MEDIA, data={"prompt": prompt, "duration": seconds}))


def status(media_id):
    return unwrap(session.get(f"{MEDIA}/{media_id}/processing-status"))


def render(prompt):
    media = start(prompt)
    while True:
        state = status(media["id"])
        if state["processing_status"] in ("success", "fail", "cancel"):
            break
        time.sleep(1)
    return unwrap(session.get(f"{MEDIA}/{media['id']}"))
