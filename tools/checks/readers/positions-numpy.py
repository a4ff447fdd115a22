"""Reads what `surefoot convert` writes for numpy, spreadsheets and DeepMimic and prints every joint's world position in
the asked frames as JSON: {"names": [...], "frames": [[[x, y, z], ...], ...]}, in the file's units.

    python3 positions-numpy.py FILE.npz|FILE.npy|FILE.csv FRAME...

Rotations are gone through where the file has them, so that they are tested and not the stored positions alone.
"""

import csv
import json
import sys

import numpy as np

path, asked = sys.argv[1], [int(frame) for frame in sys.argv[2:]]


def turn(q, v):
    """Rotates vectors by quaternions w x y z."""
    w, u = q[..., :1], q[..., 1:]
    t = 2 * np.cross(u, v)
    return v + w * t + np.cross(u, t)


def multiply(a, b):
    w = a[..., :1] * b[..., :1] - np.sum(a[..., 1:] * b[..., 1:], -1, keepdims=True)
    v = a[..., :1] * b[..., 1:] + b[..., :1] * a[..., 1:] + np.cross(a[..., 1:], b[..., 1:])
    return np.concatenate([w, v], -1)


def read_npz():
    with np.load(path, allow_pickle=False) as data:
        parents, local, rotations = data["parents"], data["local_positions"], data["rotations"]
        world, places = np.array(rotations), np.array(local)
        for joint, parent in enumerate(parents):
            if parent >= 0:
                places[:, joint] = places[:, parent] + turn(world[:, parent], local[:, joint])
                world[:, joint] = multiply(world[:, parent], rotations[:, joint])
        assert np.abs(places - data["positions"]).max() < 1e-6, "positions are not those of the rotations"
        moving = np.abs(local - data["offsets"]).max(axis=(0, 2))
        assert moving[1:].max(initial=0) < 1e-9, "an offset is not the local position"
        return [str(name) for name in data["names"]], places


def read_humanml3d():
    """Positions recovered as the representation's definition says: turn and step add up, joints stand in that frame."""
    rows = np.load(path, allow_pickle=False).astype(np.float64)
    assert rows.ndim == 2 and rows.shape[1] == 263, rows.shape
    count = len(rows)
    angle = np.concatenate([[0], np.cumsum(rows[:-1, 0])])
    back = np.stack([np.cos(angle), np.zeros(count), -np.sin(angle), np.zeros(count)], -1)
    steps = np.zeros((count, 3))
    steps[1:, 0], steps[1:, 2] = rows[:-1, 1], rows[:-1, 2]
    root = np.cumsum(turn(back, steps), axis=0)
    others = turn(back[:, None], rows[:, 4:67].reshape(count, 21, 3)) + root[:, None]
    root[:, 1] = rows[:, 3]
    places = np.concatenate([root[:, None], others], axis=1)
    # Every joint's step, given in the frame of its row, must lead to its next place.
    moved = places[:-1] + turn(back[:-1, None], rows[:-1, 193:259].reshape(count - 1, 22, 3))
    assert np.abs(moved - places[1:]).max() < 1e-4, "the velocities do not lead to the next frame"
    six = rows[:, 67:193].reshape(count, 21, 2, 3)
    assert np.abs(np.sum(six[:, :, 0] * six[:, :, 1], -1)).max() < 1e-5, "the rotations' columns are not orthogonal"
    assert set(np.unique(rows[:, 259:])) <= {0.0, 1.0}, "contacts are 0 or 1"
    return [str(joint) for joint in range(22)], places


def read_csv():
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    columns = [name[: -len(".x")] for name in rows[0] if name.endswith(".x")]
    index = {name: rows[0].index(name + ".x") for name in columns}
    places = [[[float(row[index[name] + axis]) for axis in range(3)] for name in columns] for row in rows[1:]]
    return columns, np.array(places)


names, places = {"npz": read_npz, "npy": read_humanml3d, "csv": read_csv}[path.rsplit(".", 1)[1]]()
print(json.dumps({"names": names, "frames": places[asked].tolist()}))
