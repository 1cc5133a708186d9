"""A chain of four endpoints: each takes what the one before has made. Addresses of results are addresses of files, so
nothing has to be downloaded and uploaded again."""

from client import save, submit, wait_for


def run(endpoint: str, body: dict) -> dict:
    [result, *_] = wait_for(submit(endpoint, body))
    print(f"{endpoint}: {result['outputType']}")
    return result


still = run(
    "seedream-v4/text-to-image",
    {"prompt": "A red kite over a green hill, morning light.", "resolution": "1k"},
)
clip = run(
    "kling-v2.5-turbo-std/image-to-video",
    {"prompt": "The kite climbs; the camera tilts up with it.", "firstImageUrl": still["url"], "duration": "5"},
)
longer = run(
    "alibaba/wan-2.7/video-extend",
    {
        "prompt": "The wind turns and the kite dives.",
        "videoUrl": clip["url"],
        "duration": "7",
        "resolution": "720P",
    },
)
voice = run(
    "rhart-audio/text-to-audio/speech-02-turbo",
    {
        "text": "Up, up, and then the wind changed its mind.",
        "voice_id": "Wise_Woman",
        "enable_base64_output": False,
        "english_normalization": False,
    },
)
print(f"saved {save(longer, 'full-workflow-py')} and {save(voice, 'full-workflow-py')}")
