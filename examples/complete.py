"""From words to a file: submit, ask until it ends, download."""

import sys

from client import save, submit, wait_for

prompt = sys.argv[1] if len(sys.argv) > 1 else "A paper boat sails down a rain-washed gutter past glowing shop windows."

task_id = submit("rhart-video-s-official/text-to-video", {"prompt": prompt, "size": "720x1280", "duration": "4"})
print(f"task {task_id}")
[result] = wait_for(task_id, print)
print(f"saved {save(result, 'complete-py')}")
