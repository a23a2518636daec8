#!/usr/bin/env python3
"""A first Longhaul worker: counts the words of a folder's text files, a file a second. Standard library only. docs/tutorial.md begins with it."""
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
            request = urllib.request.Request(SERVICE + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError:
            raise                                 # refused: to ask again would not help
        except OSError:
            time.sleep(0.5)                       # the service is away: it comes back, and nothing is lost


def run(claim):
    say = lambda verb, **words: call(f"/operations/{claim['operation_id']}/run:{verb}", run_id=claim["run_id"], **words)
    folder, counts = claim["input"]["folder"], claim["steps"]    # steps: what earlier attempts have finished
    names = sorted(os.listdir(folder))
    for number, name in enumerate(names, 1):
        if name not in counts:
            time.sleep(1)                         # so that there is something to watch
            with open(os.path.join(folder, name)) as file:
                counts[name] = len(file.read().split())
            say("step", name=name, result=counts[name])          # a checkpoint: whatever happens now, this file is done
        if say("report", current=number, total=len(names), message=name)["command"]:
            return say("release")                 # somebody cancelled or paused it
    say("complete", output={"words": sum(counts.values()), "files": len(names)})


worker = call("/workers", name="first-worker", exclusive=True, types=[TYPE])["worker_id"]
while True:
    for claim in call(f"/workers/{worker}:claim", wait_seconds=20)["claims"]:
        run(claim)
