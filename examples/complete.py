"""From words to a file with Python's standard library: submit, ask until it ends, download."""

import json
import os
import sys
import time
import urllib.request

URL = os.environ.get("REELAY_URL", "http://127.0.0.1:8090")
KEY = os.environ["REELAY_KEY"]
POLL_SECONDS = float(os.environ.get("REELAY_POLL_MS", "2000")) / 1000


def post(path: str, body: dict) -> dict:
    """POSTs JSON and returns the answer; everything that the server decides comes with HTTP 200."""
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    request = urllib.request.Request(URL + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request) as answer:
        said = json.load(answer)
    if said["errorMessage"]:
        raise SystemExit(f"{said['errorCode']}: {said['errorMessage']}")
    return said


prompt = sys.argv[1] if len(sys.argv) > 1 else "A paper boat sails down a rain-washed gutter."
task_id = post(
    "/openapi/v2/rhart-video-s-official/text-to-video",
    {"prompt": prompt, "size": "720x1280", "duration": "4"},
)["taskId"]
print(f"task {task_id}")
while True:
    task = post("/openapi/v2/query", {"taskId": task_id})
    print(task["status"])
    if task["status"] == "SUCCESS":
        break
    time.sleep(POLL_SECONDS)
result = task["results"][0]
path = f"complete-py.{result['outputType']}"
urllib.request.urlretrieve(result["url"], path)
print(f"saved {path}")
