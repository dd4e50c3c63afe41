"""Plays the service: one event of a finished story."""

import sys

import app

client = app.app.test_client()
story_id = sys.argv[1]
answer = client.post("/hooks/vimmerse", json={"customer_id": "c1", "batch_id": story_id, "status": "success"})
print(answer.status_code, answer.get_json(), list(app.finished) == [story_id])
answer = client.post("/hooks/vimmerse", json={"customer_id": "c1", "batch_id": story_id, "status": "fail"})
print(answer.status_code, answer.get_json())
print(client.get("/health").text)
