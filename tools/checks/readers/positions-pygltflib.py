"""Reads a GLB file with pygltflib and prints every joint's world position in the asked frames as JSON:
{"names": [...], "frames": [[[x, y, z], ...], ...]}, in metres.

    python3 positions-pygltflib.py FILE FRAME...

Checks the skin on the way: at rest each joint's matrix times its inverse bind matrix is the identity.
"""

import json
import sys

import numpy as np
from pygltflib import GLTF2

scene = GLTF2().load(sys.argv[1])
data = scene.binary_blob()
kinds = {5123: np.uint16, 5125: np.uint32, 5126: np.float32}
widths = {"SCALAR": 1, "VEC3": 3, "VEC4": 4, "MAT4": 16}


def values(index):
    accessor = scene.accessors[index]
    view = scene.bufferViews[accessor.bufferView]
    start = (view.byteOffset or 0) + (accessor.byteOffset or 0)
    kind, width = kinds[accessor.componentType], widths[accessor.type]
    found = np.frombuffer(data, kind, accessor.count * width, start).reshape(accessor.count, width)
    if accessor.min:
        assert np.array_equal(found.min(0), np.array(accessor.min, kind)), "an accessor's minimum is wrong"
        assert np.array_equal(found.max(0), np.array(accessor.max, kind)), "an accessor's maximum is wrong"
    return found


def matrix(translation, rotation=(0, 0, 0, 1)):
    x, y, z, w = rotation
    result = np.eye(4)
    result[:3, :3] = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    result[:3, 3] = translation
    return result


animation = scene.animations[0]
keys = {}
for channel in animation.channels:
    sampler = animation.samplers[channel.sampler]
    times = values(sampler.input)[:, 0]
    assert np.all(np.diff(times) > 0), "times do not grow"
    keys[channel.target.node, channel.target.path] = values(sampler.output)


def world(frame):
    """Every node's matrix; at rest without a frame."""
    found, waiting = {}, [(node, np.eye(4)) for node in scene.scenes[scene.scene].nodes]
    while waiting:
        index, above = waiting.pop()
        node = scene.nodes[index]
        place, spin = node.translation or (0, 0, 0), node.rotation or (0, 0, 0, 1)
        if frame is not None:
            place = keys[index, "translation"][frame] if (index, "translation") in keys else place
            spin = keys[index, "rotation"][frame] if (index, "rotation") in keys else spin
        found[index] = above @ matrix(place, spin)
        waiting += [(child, found[index]) for child in node.children or []]
    return found


skin = scene.skins[0]
rest = world(None)
for joint, inverse in zip(skin.joints, values(skin.inverseBindMatrices)):
    assert np.abs(rest[joint] @ inverse.reshape(4, 4).T - np.eye(4)).max() < 1e-5, "a bind matrix is not of the rest pose"
attributes = scene.meshes[0].primitives[0].attributes
assert values(attributes.JOINTS_0).max() < len(skin.joints), "a vertex follows no joint"
assert values(scene.meshes[0].primitives[0].indices).max() < len(values(attributes.POSITION)), "a triangle without vertex"

frames = []
for frame in sys.argv[2:]:
    found = world(int(frame))
    frames.append([found[joint][:3, 3].tolist() for joint in skin.joints])
print(json.dumps({"names": [scene.nodes[joint].name for joint in skin.joints], "frames": frames}))
