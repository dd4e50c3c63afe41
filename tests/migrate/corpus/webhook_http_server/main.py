"""A receiver of Vimmerse's webhooks without a framework, and the event that reaches it."""

import json
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

seen = []


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        event = json.loads(body)
        seen.append((event["media_id"], event["status"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args):
        pass


server = HTTPServer(("127.0.0.1", 0), Handler)
thread = threading.Thread(target=server.handle_request)
thread.start()
event = {"customer_id": "c1", "media_id": "m1", "status": "success"}
request = urllib.request.Request(
    f"http://127.0.0.1:{server.server_port}/",
    data=json.dumps(event).encode(),
    headers={"Content-Type": "application/json"},
)
with urllib.request.urlopen(request) as response:
    print(response.status)
thread.join()
server.server_close()
print(seen)
