#!/usr/bin/env python3
"""Recomputes Surefoot's set figures with numpy and scipy and compares.

usage: check_metrics.py FILE.json

FILE holds two feature matrices and the figures that Surefoot got from them, and joint positions with the kinetic and
geometric features that it got; the tests write it. Nothing here is shared with the Swift code: distances come from
scipy's matrix square root, features from the definitions in the doc comments.
"""
import json
import sys

import numpy as np
from scipy import linalg
from scipy.spatial.distance import cdist, pdist

JOINTS = """pelvis leftHip rightHip spine1 leftKnee rightKnee spine2 leftAnkle rightAnkle spine3 leftFoot rightFoot neck
leftCollar rightCollar head leftShoulder rightShoulder leftElbow rightElbow leftWrist rightWrist""".split()


def frechet(a, b):
    c1, c2 = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    root = linalg.sqrtm(c1 @ c2)
    shift = a.mean(0) - b.mean(0)
    return float(shift @ shift + np.trace(c1 + c2 - 2 * np.real(root)))


def neighbourhoods(generated, real, k):
    def radii(x):
        return np.sort(cdist(x, x), axis=1)[:, k]

    d = cdist(generated, real)
    inside_real = d <= radii(real)[None, :]
    inside_generated = d <= radii(generated)[:, None]
    return {
        "precision": inside_real.any(1).mean(),
        "recall": inside_generated.any(0).mean(),
        "density": inside_real.sum(1).mean() / k,
        "coverage": inside_real.any(0).mean(),
        "nearest": d.min(1).mean(),
    }


def kinetic(positions, dt):
    reach = max(1, round(2 / 60 / dt))
    result = []
    for joint in range(positions.shape[1]):
        velocity = np.diff(positions[:, joint], axis=0) / dt
        acceleration = np.diff(velocity, axis=0) / dt

        def smooth(x):
            return np.array([x[max(0, i - reach): i + reach + 1].mean(0) for i in range(len(x))])

        v, a = smooth(velocity), smooth(acceleration)
        result += [(v[:, 0] ** 2 + v[:, 2] ** 2).mean(), (v[:, 1] ** 2).mean(), np.linalg.norm(a, axis=1).mean()]
    return np.array(result)


def geometric(positions, dt, arm, shoulders, hips):
    p = {name: positions[1:, i] for i, name in enumerate(JOINTS)}
    v = {name: np.diff(positions[:, i], axis=0) / dt for i, name in enumerate(JOINTS)}
    low = positions[1:, :, 1].min(1)
    dot = lambda a, b: (a * b).sum(-1)
    unit = lambda a: a / np.linalg.norm(a, axis=-1, keepdims=True)
    normal = lambda a, b, c: unit(np.cross(p[b] - p[a], p[c] - p[a]))
    nmove = lambda a, b, c, j, t: dot(v[j] - v[a], normal(a, b, c)) > t
    move = lambda a, b, j, o, t: dot(v[j] - v[o], unit(p[b] - p[a])) > t
    nplane = lambda a, b, c, j, t: dot(p[j] - p[c], unit(p[b] - p[a])) >= t
    plane = lambda a, b, c, j, t: dot(p[j] - p[a], normal(a, b, c)) >= t
    fast = lambda j, t: np.linalg.norm(v[j], axis=-1) > t

    def between(a, b, low_angle, high_angle):
        angle = np.degrees(np.arccos(np.clip(dot(unit(a), unit(b)), -1, 1)))
        return (angle >= low_angle) & (angle <= high_angle)

    angle = lambda a, b, c, d, x, y: between(p[b] - p[a], p[d] - p[c], x, y)
    flags = [
        nmove("neck", "rightHip", "leftHip", "rightWrist", 1.8 * arm),
        nmove("neck", "rightHip", "leftHip", "leftWrist", 1.8 * arm),
        nplane("spine3", "neck", "neck", "rightWrist", 0.2 * arm),
        nplane("spine3", "neck", "neck", "leftWrist", 0.2 * arm),
        move("spine1", "spine3", "rightWrist", "spine3", 1.8 * arm),
        move("spine1", "spine3", "leftWrist", "spine3", 1.8 * arm),
        angle("rightElbow", "rightShoulder", "rightElbow", "rightWrist", 0, 110),
        angle("leftElbow", "leftShoulder", "leftElbow", "leftWrist", 0, 110),
        nplane("leftShoulder", "rightShoulder", "leftWrist", "rightWrist", 2.5 * shoulders),
        move("leftWrist", "rightWrist", "leftWrist", "rightWrist", 1.4 * arm),
        move("rightWrist", "pelvis", "rightWrist", "pelvis", 1.4 * arm),
        move("leftWrist", "pelvis", "leftWrist", "pelvis", 1.4 * arm),
        fast("rightWrist", 2.5 * arm),
        fast("leftWrist", 2.5 * arm),
        plane("pelvis", "leftHip", "leftFoot", "rightAnkle", 0.38 * arm),
        plane("pelvis", "rightFoot", "rightHip", "leftAnkle", 0.38 * arm),
        p["rightAnkle"][:, 1] - low >= 1.2 * arm,
        p["leftAnkle"][:, 1] - low >= 1.2 * arm,
        nplane("leftHip", "rightHip", "leftAnkle", "rightAnkle", 2.1 * hips),
        angle("rightKnee", "rightHip", "rightKnee", "rightAnkle", 0, 110),
        angle("leftKnee", "leftHip", "leftKnee", "leftAnkle", 0, 110),
        fast("rightAnkle", 2.5 * arm),
        fast("leftAnkle", 2.5 * arm),
        angle("neck", "pelvis", "rightShoulder", "rightElbow", 25, 180),
        angle("neck", "pelvis", "leftShoulder", "leftElbow", 25, 180),
        angle("neck", "pelvis", "rightHip", "rightKnee", 50, 180),
        angle("neck", "pelvis", "leftHip", "leftKnee", 50, 180),
        plane("rightAnkle", "neck", "leftAnkle", "pelvis", 0.5 * arm),
        between(p["pelvis"] - p["neck"], np.array([0.0, 1.0, 0.0]), 70, 110),
        p["rightWrist"][:, 1] - low <= 1.2 * arm,
        p["leftWrist"][:, 1] - low <= 1.2 * arm,
        fast("pelvis", 2.3 * arm),
    ]
    return np.array([flag.mean() for flag in flags])


def main():
    case = json.load(open(sys.argv[1]))
    generated, real = np.array(case["generated"]), np.array(case["real"])
    expected = neighbourhoods(generated, real, case["k"])
    expected["frechet"] = frechet(generated, real)
    expected["diversity"] = pdist(generated).mean()
    faults = []

    def compare(name, ours, theirs):
        if not np.allclose(ours, theirs, rtol=1e-6, atol=1e-8):
            faults.append(f"{name}: {ours} here {theirs}")

    for name, value in expected.items():
        compare(name, case["figures"][name], value)
    positions, dt = np.array(case["positions"]), case["frameTime"]
    compare("kinetic", case["kinetic"], kinetic(positions, dt))
    lengths = [case[name] for name in ("upperArm", "shoulderWidth", "hipWidth")]
    compare("geometric", case["geometric"], geometric(positions, dt, *lengths))
    print("\n".join(faults) if faults else f"{len(expected) + 2} figures agree")
    sys.exit(1 if faults else 0)


main()
