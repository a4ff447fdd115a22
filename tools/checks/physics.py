#!/usr/bin/env python3
"""Recomputes Surefoot's physics figures of motions with numpy and compares.

usage: tools/checks/physics.py FILE.json

FILE holds a body (each solid with the joint that it hangs on, and the soles' corners) and motions, each as the text of
its BVH file with the figures that Surefoot got; the tests write it. Joints are found here from the BVH text by rotation
matrices, and every figure from its definition in the doc comments: nothing is shared with the Swift code.
"""
import json
import sys

import numpy as np

TOLERANCE = 0.005


def rotation(axis, degrees):
    a, i = np.radians(degrees), "XYZ".index(axis)
    u, v = (i + 1) % 3, (i + 2) % 3
    m = np.zeros((len(a), 3, 3))
    m[:, i, i] = 1
    m[:, u, u] = m[:, v, v] = np.cos(a)
    m[:, v, u], m[:, u, v] = np.sin(a), -np.sin(a)
    return m


def read(text):
    """The joints by name, each with its world positions [m] and rotations, the frame time, and the height of the lowest
    joint or End Site of every frame; BVH in centimetres."""
    head, body = text.split("MOTION")
    joints, parents, offsets, channels, open_joints, current, tips = [], [], [], [], [], None, []
    for words in (line.split() for line in head.splitlines()):
        if not words:
            continue
        if words[0] in ("ROOT", "JOINT"):
            parents.append(next((j for j in reversed(open_joints) if j is not None), None))
            current = len(parents) - 1
            joints.append(words[1])
            offsets.append(None)
            channels.append([])
        elif words[0] == "End":
            current = None
        elif words[0] == "{":
            open_joints.append(current)
        elif words[0] == "}":
            open_joints.pop()
        elif words[0] == "OFFSET" and current is None:
            tips.append((next(j for j in reversed(open_joints) if j is not None), np.array(words[1:4], float)))
        elif words[0] == "OFFSET":
            offsets[current] = np.array(words[1:4], float)
        elif words[0] == "CHANNELS":
            channels[current] = words[2:]
    lines = body.strip().splitlines()
    dt, rows = float(lines[1].split()[-1]), np.array([line.split() for line in lines[2:]], float)
    positions, turns, column = [], [], 0
    for joint, names in enumerate(channels):
        turn, place = np.tile(np.eye(3), (len(rows), 1, 1)), np.tile(offsets[joint], (len(rows), 1))
        for name in names:
            if name.endswith("position"):
                place[:, "XYZ".index(name[0])] = rows[:, column]
            else:
                turn = turn @ rotation(name[0], rows[:, column])
            column += 1
        if parents[joint] is not None:
            above = turns[parents[joint]]
            place = positions[parents[joint]] + np.einsum("tij,tj->ti", above, place)
            turn = above @ turn
        positions.append(place)
        turns.append(turn)
    ends = [(positions[joint] + turns[joint] @ tip)[:, 1] / 100 for joint, tip in tips]
    lowest = np.min([p[:, 1] / 100 for p in positions] + ends, axis=0)
    return {name: (p / 100, r) for name, p, r in zip(joints, positions, turns)}, dt, lowest


def world(joint, points):
    """Points fixed to a joint, `[frames, points, 3]`."""
    position, turn = joint
    return position[:, None] + np.einsum("tij,pj->tpi", turn, np.array(points))


def low(solid, joints):
    """The solid's lowest height in every frame: of a capsule's two spheres, of a box's corners."""
    if solid["kind"] == "capsule":
        ends = world(joints[solid["joint"]], [solid["from"], solid["to"]])
        return ends[..., 1].min(1) - solid["radius"]
    axes, half = np.array(solid["axes"]), np.array(solid["half"])
    signs = np.array(np.meshgrid([-1, 1], [-1, 1], [-1, 1])).reshape(3, -1).T
    corners = np.array(solid["centre"]) + (signs * half) @ axes
    return world(joints[solid["joint"]], corners)[..., 1].min(1)


def skate(soles):
    """Mean over the steps of the mean way, along the floor, of the corners that touch it before and after."""
    touching = soles[..., 1] <= TOLERANCE
    both = touching[1:] & touching[:-1]
    way = np.linalg.norm(np.diff(soles[..., [0, 2]], axis=0), axis=-1)
    return np.where(both.any(1), (way * both).sum(1) / np.maximum(1, both.sum(1)), 0).mean()


def skating_ratio(toes, dt):
    bad = np.zeros(len(toes) - 1, bool)
    for toe in toes.transpose(1, 0, 2):
        speed = np.linalg.norm(np.diff(toe[:, [0, 2]], axis=0), axis=1) / dt
        mirrored = np.concatenate([speed[1::-1], speed, speed[:-3:-1]])
        mean = np.convolve(mirrored, np.full(5, 0.2), "valid")
        bad |= (toe[:-1, 1] < 0.05) & (toe[1:, 1] < 0.05) & (speed > 0.5) & (mean > 0.5)
    return bad.mean()


def figures(body, text):
    joints, dt, lowest = read(text)
    heights = np.min([low(solid, joints) for solid in body["solids"]], axis=0)
    soles = np.concatenate([world(joints[foot["joint"]], foot["corners"]) for foot in body["feet"]], 1)
    slide = skate(soles)
    positions = np.stack([position for position, _ in joints.values()], 1)
    toes = np.stack([joints[name][0] for name in body["toes"]], 1)
    third = np.diff(positions, 3, axis=0) / dt**3
    result = {
        "penetrate": 1000 * np.maximum(0, -heights - TOLERANCE).mean(),
        "float": 1000 * np.maximum(0, heights - TOLERANCE).mean(),
        "skate": 1000 * slide,
        "skateSpeed": slide / dt,
        "skatingRatio": skating_ratio(toes, dt),
        "jerk": np.linalg.norm(third, axis=-1).mean(),
        "skeletonPenetration": (lowest < -TOLERANCE).mean(),
        "deepestJoint": 1000 * max(0, -lowest.min()),
    }
    result["physErr"] = result["penetrate"] + result["float"] + result["skate"]
    return result


def main():
    case = json.load(open(sys.argv[1]))
    faults, count = [], 0
    for motion in case["motions"]:
        for name, value in figures(case["body"], motion["bvh"]).items():
            count += 1
            # A file's decimals are a thousandth of a millimetre; jerk divides by the cube of the frame time.
            if not np.allclose(motion["figures"][name], value, rtol=1e-3, atol=2e-3 if name != "jerk" else 0.5):
                faults.append(f"{motion['name']}, {name}: {motion['figures'][name]} here {value}")
    print("\n".join(faults) if faults else f"{count} figures agree")
    sys.exit(1 if faults else 0)


main()
