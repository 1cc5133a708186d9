"""A progress bar: /openapi/v2/query tells the status, /api/v1/tasks/<id> also how far it is."""

import sys

from client import inspect, save, submit, wait_for

WIDTH = 30


def draw(progress: float, status: str) -> None:
    done = round(progress * WIDTH)
    print(f"\r[{'█' * done}{' ' * (WIDTH - done)}] {progress:.0%} {status}   ", end="", flush=True)


prompt = sys.argv[1] if len(sys.argv) > 1 else "A lighthouse at night, waves below, slow orbit."
body = {"prompt": prompt, "size": "1280x720", "duration": "4"}
task_id = submit("rhart-video-s-official/text-to-video-pro", body)
[result] = wait_for(task_id, lambda status: draw(inspect(task_id)["progress"], status))
draw(1, "done")
print(f"\nsaved {save(result, 'progress-py')}")
