"""The calls that the examples share, with Python's standard library alone."""

import json
import mimetypes
import os
import sys
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

URL = os.environ.get("REELAY_URL", "http://127.0.0.1:8090")
KEY = os.environ.get("REELAY_KEY")
if KEY is None:
    sys.exit("Set REELAY_KEY to the key that npm start printed.")
POLL_SECONDS = float(os.environ.get("REELAY_POLL_MS", "2000")) / 1000
TIMEOUT_SECONDS = 60


class ReelayError(Exception):
    """A refusal, or a task that failed. `code` is the table at /docs/guides/errors."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


def call(path: str, data: bytes | None = None, content_type: str = "application/json") -> dict:
    """POSTs `data`, or GETs where there is none. Returns the answer, which is JSON whatever the status is."""
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": content_type}
    request = urllib.request.Request(URL + path, data, headers)
    try:
        answer = urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)
    except urllib.error.HTTPError as refusal:
        answer = refusal
    with answer:
        return json.load(answer)


def post(path: str, body: dict) -> dict:
    said = call(path, json.dumps(body).encode())
    if said.get("errorMessage"):
        raise ReelayError(said["errorCode"], said["errorMessage"])
    return said


def submit(endpoint: str, body: dict) -> str:
    """The id of a new task."""
    return post(f"/openapi/v2/{endpoint}", body)["taskId"]


def wait_for(task_id: str, on_status=lambda status: None) -> list[dict]:
    """Asks until the task has ended. Returns its results."""
    while True:
        task = post("/openapi/v2/query", {"taskId": task_id})
        on_status(task["status"])
        if task["status"] == "SUCCESS":
            return task["results"]
        time.sleep(POLL_SECONDS)


def inspect(task_id: str) -> dict:
    """Our own view of a task: progress, channel, attempts."""
    return call(f"/api/v1/tasks/{task_id}")


def cancel(task_id: str) -> None:
    """Stops a task that waits or runs."""
    post("/task/openapi/cancel", {"taskId": task_id})


def upload(path: str) -> str:
    """The address of an uploaded file, for any parameter that takes one."""
    boundary = uuid.uuid4().hex
    head = (
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="file"; filename="{Path(path).name}"\r\n'
        f"Content-Type: {mimetypes.guess_type(path)[0] or 'application/octet-stream'}\r\n\r\n"
    )
    data = head.encode() + Path(path).read_bytes() + f"\r\n--{boundary}--\r\n".encode()
    said = call("/openapi/v2/media/upload/binary", data, f"multipart/form-data; boundary={boundary}")
    if said["code"] != 0:
        raise ReelayError(str(said["code"]), said["message"])
    return said["data"]["download_url"]


def save(result: dict, name: str) -> str:
    """Saves a result beside the program that asked for it. Returns the name of the file."""
    path = f"{name}.{result['outputType']}"
    if result["url"] is None:
        Path(path).write_text(result["text"], encoding="utf-8")
    else:
        urllib.request.urlretrieve(result["url"], path)
    return path
