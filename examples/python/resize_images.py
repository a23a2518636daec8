#!/usr/bin/env python3
"""A Longhaul worker that makes small copies of a folder's PNG pictures. Needs only Python 3.

    python3 resize_images.py http://localhost:8081

Input: {"folder": "pictures", "width": 64}. The copies go to pictures/small.
Kill it at any time and start it again: it continues with the first unfinished picture.
"""
import json
import os
import sys
import time
import urllib.error
import urllib.request

from png import resize

SERVICE = (sys.argv[1:] + ["http://localhost:8081"])[0] + "/api/v1"
TYPE = {"type": "resize_images", "description": "Makes small copies of a folder's PNG pictures.",
        "input_schema": {"type": "object", "required": ["folder", "width"], "additionalProperties": False,
                         "properties": {"folder": {"type": "string"},
                                        "width": {"type": "integer", "minimum": 1, "maximum": 4096}}}}


class Refused(Exception):
    """A 4xx response: repeating the request would not help."""


class RunStopped(Exception):
    """The operation was cancelled or paused."""


def call(path, body):
    """Retries until the service answers."""
    while True:
        try:
            request = urllib.request.Request(SERVICE + path, json.dumps(body).encode(),
                                             {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as problem:
            if problem.code < 500:
                raise Refused(json.loads(problem.read()).get("code")) from None
        except (OSError, ValueError):
            pass
        time.sleep(0.5)


def work_loop():
    while True:
        worker = call("/workers", {"name": "resize-images", "exclusive": True, "types": [TYPE]})["worker_id"]
        try:
            while True:
                for claim in call(f"/workers/{worker}:claim", {"wait_seconds": 20, "runs": []})["claims"]:
                    run(claim)
        except Refused as refused:
            if str(refused) != "worker-lost":
                raise


def run(claim):
    def send(verb, **body):
        answer = call(f"/operations/{claim['operation_id']}/run:{verb}", {"run_id": claim["run_id"], **body})
        if answer.get("command"):
            raise RunStopped

    try:
        pictures = resize_all(claim["input"], claim["steps"], send)
        send("complete", output={"pictures": pictures}, message=f"{pictures} pictures")
    except RunStopped:
        send("release")
    except Refused as refused:
        print(f"operation {claim['operation_id']}: lease lost, {refused}", file=sys.stderr)
    except Exception as failed:
        send("fail", type=type(failed).__name__, message=str(failed) or type(failed).__name__,
             retryable=not isinstance(failed, FileNotFoundError))


def resize_all(wanted, finished, send):
    folder, small = wanted["folder"], os.path.join(wanted["folder"], "small")
    names = sorted(name for name in os.listdir(folder) if name.endswith(".png"))
    os.makedirs(small, exist_ok=True)
    for number, name in enumerate(names, 1):
        if name not in finished:
            size = resize(os.path.join(folder, name), os.path.join(small, name), wanted["width"])
            send("step", name=name, result={"bytes": size})
        send("report", current=number, total=len(names), message=name)
    return len(names)


if __name__ == "__main__":
    work_loop()
