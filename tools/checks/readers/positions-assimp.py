"""Reads a BVH or GLB file with the assimp program and prints every joint's world position in the asked frames as JSON:
{"names": [...], "frames": [[[x, y, z], ...], ...]}, in the file's units.

    python3 positions-assimp.py FILE FRAME...

assimp exports to glTF, whose numbers are binary: its text formats round too much.
"""

import json
import os
import struct
import subprocess
import sys
import tempfile


def rotation(x, y, z, w):
    return [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]


def apply(matrix, vector):
    return [sum(row[k] * vector[k] for k in range(3)) for row in matrix]


def multiply(a, b):
    return [[sum(a[i][k] * b[k][j] for k in range(3)) for j in range(3)] for i in range(3)]


with tempfile.TemporaryDirectory() as folder:
    exported = os.path.join(folder, "scene.gltf")
    done = subprocess.run(
        ["assimp", "export", sys.argv[1], exported, "-fgltf2"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode != 0 or not os.path.exists(exported):
        sys.exit("assimp refused the file: " + done.stdout.decode())
    with open(exported) as text:
        scene = json.load(text)
    with open(os.path.join(folder, scene["buffers"][0]["uri"]), "rb") as file:
        data = file.read()


def vectors(accessor_index):
    """An accessor's vectors of floats."""
    accessor = scene["accessors"][accessor_index]
    width = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}[accessor["type"]]
    view = scene["bufferViews"][accessor["bufferView"]]
    start = view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
    return [struct.unpack_from(f"<{width}f", data, start + 4 * width * k) for k in range(accessor["count"])]


nodes = scene["nodes"]
keys = {}
animation = scene["animations"][0]
for channel in animation["channels"]:
    target = channel["target"]
    keys[target["node"], target["path"]] = vectors(animation["samplers"][channel["sampler"]]["output"])


def at(node, path, frame, otherwise):
    """The key of a frame; a channel that never changes has one key."""
    values = keys.get((node, path))
    return values[min(frame, len(values) - 1)] if values else otherwise


def positions(frame):
    found = {}
    identity = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    waiting = [(root, (0, 0, 0), identity) for root in scene["scenes"][0]["nodes"]]
    while waiting:
        index, origin, frame_of_parent = waiting.pop()
        node = nodes[index]
        matrix = node.get("matrix", [0] * 16)
        offset = at(index, "translation", frame, node.get("translation", matrix[12:15]))
        turn = rotation(*at(index, "rotation", frame, node.get("rotation", (0, 0, 0, 1))))
        place = [a + b for a, b in zip(origin, apply(frame_of_parent, offset))]
        if (index, "rotation") in keys or (index, "translation") in keys:
            found[node["name"]] = place
        waiting += [(child, place, multiply(frame_of_parent, turn)) for child in node.get("children", [])]
    return found


frames = [positions(int(frame)) for frame in sys.argv[2:]]
names = list(frames[0])
print(json.dumps({"names": names, "frames": [[frame[name] for name in names] for frame in frames]}))
