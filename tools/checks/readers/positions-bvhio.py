"""Reads a BVH file with bvhio and prints every joint's world position in the asked frames as JSON:
{"names": [...], "frames": [[[x, y, z], ...], ...]}, in the file's units.

    python3 positions-bvhio.py FILE FRAME...
"""

import json
import sys

import bvhio

root = bvhio.readAsHierarchy(sys.argv[1])
names = [joint.Name for joint, _, _ in root.layout()]
frames = []
for frame in sys.argv[2:]:
    root.loadPose(int(frame))
    frames.append([[joint.PositionWorld.x, joint.PositionWorld.y, joint.PositionWorld.z] for joint, _, _ in root.layout()])
print(json.dumps({"names": names, "frames": frames}))
