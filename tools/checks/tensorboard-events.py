#!/usr/bin/env python3
"""Reads TensorBoard event files with the tensorboard package and prints every scalar as JSON:
{"ARM": {"TAG": [[step, value], ...]}}.

usage: tools/checks/tensorboard-events.py FOLDER
"""
import json
import os
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

found = {}
for name in sorted(os.listdir(sys.argv[1])):
    events = EventAccumulator(os.path.join(sys.argv[1], name), size_guidance={"scalars": 0})
    events.Reload()
    found[name] = {tag: [[e.step, e.value] for e in events.Scalars(tag)] for tag in events.Tags()["scalars"]}
print(json.dumps(found))
