"""A client of the RunningHub API as somebody would write it from the API's description alone: the standard library, and
nothing that only this server has. Prints one JSON object that says what it met.

Usage: client.py <base url> <key> v2|legacy"""

import http.server
import json
import queue
import sys
import threading
import time
import urllib.request
import uuid

BASE, KEY, GENERATION = sys.argv[1:4]
TIMEOUT_SECONDS = 60
POLL_SECONDS = 0.1
calls: queue.Queue = queue.Queue()


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")
        calls.put((self.path, json.loads(body)))

    def log_message(self, *_):
        pass


def post(path, body=None, data=None, content_type="application/json"):
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": content_type}
    payload = data if data is not None else json.dumps(body).encode()
    request = urllib.request.Request(BASE + path, payload, headers, method="POST")
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
        return json.load(answer)


def upload(content):
    """The name under which later calls find the file."""
    boundary = uuid.uuid4().hex
    field = lambda name, value: f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="photo.png"\r\n\r\n'.encode()
    body = head + content + b"\r\n" + field("fileType", "input") + field("apiKey", KEY) + f"--{boundary}--\r\n".encode()
    path = "/openapi/v2/media/upload/binary" if GENERATION == "v2" else "/task/openapi/upload"
    answer = post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    assert answer["code"] == 0 and answer["msg"] == "success", answer
    return answer["data"]["download_url"] if GENERATION == "v2" else answer["data"]["fileName"]


def wait(task_id):
    """The address of the result, in the words of either generation."""
    until = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < until:
        if GENERATION == "v2":
            answer = post("/openapi/v2/query", {"taskId": task_id})
            assert not answer["errorCode"] and not answer["errorMessage"], answer
            if answer["status"] == "SUCCESS":
                return answer["results"][0]["url"]
            assert answer["status"] in ("QUEUED", "RUNNING"), answer
        else:
            answer = post("/task/openapi/outputs", {"apiKey": KEY, "taskId": task_id})
            if answer["code"] == 0 and answer["msg"] == "success":
                return answer["data"][0]["fileUrl"]
            assert answer["msg"] in ("APIKEY_TASK_IS_RUNNING", "APIKEY_TASK_IS_QUEUED"), answer
        time.sleep(POLL_SECONDS)
    raise TimeoutError(task_id)


def taken(task_id):
    """What the server says of the call, once it has noted how it went: that we answered, it learns after we do."""
    end = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < end:
        detail = post("/task/openapi/getWebhookDetail", {"apiKey": KEY, "taskId": task_id})["data"]
        if detail["callbackStatus"] == "SUCCESS":
            return detail
        time.sleep(POLL_SECONDS)
    raise TimeoutError(task_id)


def main():
    receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    hooks = f"http://127.0.0.1:{receiver.server_port}"
    with open(0, "rb") as stdin:
        uploaded = upload(stdin.read())
    submitted = post(
        "/openapi/v2/rhart-image-n-pro/text-to-image",
        {"prompt": "A paper boat.", "resolution": "1k", "aspectRatio": "1:1", "webhookUrl": f"{hooks}/first", "apiKey": KEY},
    )
    assert not submitted["errorCode"] and not submitted["errorMessage"], submitted
    task_id = submitted["taskId"]
    url = wait(task_id)
    with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as file:
        content = file.read()
    first_path, first = calls.get(timeout=TIMEOUT_SECONDS)
    detail = taken(task_id)
    resent = post("/task/openapi/retryWebhook", {"apiKey": KEY, "webhookId": detail["id"], "webhookUrl": f"{hooks}/second"})
    second_path, second = calls.get(timeout=TIMEOUT_SECONDS)
    receiver.shutdown()
    print(json.dumps({
        "uploaded": uploaded,
        "taskId": task_id,
        "magic": content[:8].hex(),
        "bytes": len(content),
        "paths": [first_path, second_path],
        "first": first,
        "second": second,
        "detail": detail,
        "resent": resent["code"],
    }))


main()
