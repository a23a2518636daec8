#!/usr/bin/env python3
"""A first Longhaul worker: counts the words of a folder's text files, one file a second. Needs only Python 3."""
import json
import os
import sys
import time
import urllib.error
import urllib.request

SERVICE = sys.argv[1] + "/api/v1"
TYPE = {"type": "count_words", "description": "Counts the words of a folder's text files.",
        "input_schema": {"type": "object", "required": ["folder"], "properties": {"folder": {"type": "string"}}}}


def call(path, **body):
    while True:
        try:
            request = urllib.request.Request(SERVICE + path, json.dumps(body).encode(),
                                             {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.loads(response.read() or b"{}")
        except urllib.error.HTTPError:
            raise                                 # a refusal: repeating the request would not help
        except OSError:
            time.sleep(0.5)                       # the service is unavailable: try again


def run(claim):
    def send(verb, **body):
        return call(f"/operations/{claim['operation_id']}/run:{verb}", run_id=claim["run_id"], **body)

    folder, counts = claim["input"]["folder"], claim["steps"]     # the finished steps of earlier attempts
    names = sorted(os.listdir(folder))
    for number, name in enumerate(names, 1):
        if name not in counts:
            time.sleep(1)                         # makes the progress visible
            with open(os.path.join(folder, name)) as file:
                counts[name] = len(file.read().split())
            send("step", name=name, result=counts[name])          # a checkpoint: this file is done
        if send("report", current=number, total=len(names), message=name)["command"]:
            return send("release")                # the operation was cancelled or paused
    send("complete", output={"words": sum(counts.values()), "files": len(names)})


worker = call("/workers", name="first-worker", exclusive=True, types=[TYPE])["worker_id"]
while True:
    for claim in call(f"/workers/{worker}:claim", wait_seconds=20)["claims"]:
        run(claim)
