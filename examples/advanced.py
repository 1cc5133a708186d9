"""The price first, an upload, several tasks at once, errors told apart, and no task left behind at Ctrl-C."""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from client import ReelayError, cancel, post, save, submit, upload, wait_for

ENDPOINT = "seedream-v4/image-to-image"
picture, *prompts = sys.argv[1:] or ["picture.png"]
prompts = prompts or ["Snow falls on it.", "The same in the last light of an evening."]

image_url = upload(picture)
bodies = [{"prompt": prompt, "imageUrls": [image_url], "resolution": "1k"} for prompt in prompts]

prices = [post(f"/openapi/v2/price-preview/{ENDPOINT}", body)["estimatedPrice"] for body in bodies]
print(f"{len(bodies)} pictures, {sum(prices):.2f} CNY at the hosted platform's prices")

running: set[str] = set()


def make(body: dict, name: str) -> str:
    try:
        task_id = submit(ENDPOINT, body)
        running.add(task_id)
        [result, *_] = wait_for(task_id)
        running.discard(task_id)
        return f"saved {save(result, name)}"
    except ReelayError as error:
        # 1007: the request is wrong, and stays wrong. 1003, 1006, 1010: the same request may work later.
        is_passing = error.code in {"1003", "1006", "1010"}
        return f"{'try again later' if is_passing else 'refused'}: {error}"


with ThreadPoolExecutor() as pool:
    names = [f"advanced-py-{number}" for number in range(1, len(bodies) + 1)]
    ends = pool.map(make, bodies, names)
    try:
        for end in ends:
            print(end)
    except KeyboardInterrupt:
        pool.shutdown(wait=False, cancel_futures=True)
        for task_id in list(running):
            with suppress(ReelayError):  # It has ended by itself.
                cancel(task_id)
        sys.exit(130)

# What is wrong is said at once, all of it.
try:
    submit(ENDPOINT, {"resolution": "7k"})
except ReelayError as error:
    print(f"as expected: {error}")
