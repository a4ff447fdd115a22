#!/usr/bin/env python3
"""Recomputes Surefoot's set figures with numpy and scipy and compares.

usage: tools/checks/metrics.py FILE.json

FILE holds two feature matrices and the figures that Surefoot got from them, joint positions with the kinetic and
geometric features that it got, and three sets of motions with the report that it got of the first against the second;
the tests write it. Nothing here is shared with the Swift code: distances come from scipy's matrix square root (for
whole sets, whose covariances are singular, from singular values), features from the definitions in the doc comments,
intervals from numpy's own resamples.
"""
import json
import sys

import numpy as np
from scipy import linalg
from scipy.ndimage import uniform_filter1d
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


def frechet_of_few(a, b):
    """The same distance where there are fewer vectors than dimensions: the trace of the root of a product of
    covariances is the sum of the singular values of the product of their factors."""
    x, y = a - a.mean(0), b - b.mean(0)
    cross = np.linalg.svd(x @ y.T, compute_uv=False).sum() / np.sqrt((len(a) - 1) * (len(b) - 1))
    shift = a.mean(0) - b.mean(0)
    return shift @ shift + (x**2).sum() / (len(a) - 1) + (y**2).sum() / (len(b) - 1) - 2 * cross


def jerk(positions, dt):
    return np.linalg.norm(np.diff(positions, n=3, axis=0), axis=-1).mean() / dt**3


def skating_ratio(positions, dt):
    skates = np.zeros(len(positions) - 1, bool)
    for name in ("leftFoot", "rightFoot"):
        toe = positions[:, JOINTS.index(name)]
        speed = np.linalg.norm(np.diff(toe[:, [0, 2]], axis=0), axis=-1) / dt
        mean = uniform_filter1d(speed, 5, mode="reflect")
        low = (toe[:-1, 1] < 0.05) & (toe[1:, 1] < 0.05)
        skates |= low & (speed > 0.5) & (mean > 0.5)
    return skates.mean()


def sets(case, compare):
    """A whole report: every figure of a set of motions against the evaluation windows."""
    dt, lengths = case["frameTime"], [case[name] for name in ("upperArm", "shoulderWidth", "hipWidth")]
    motions = {name: [np.array(m) for m in case[name]] for name in ("set", "evaluation", "training")}
    spaces = {
        "Kinetic": ({n: np.array([kinetic(m, dt) for m in ms]) for n, ms in motions.items()}, 1e-3),
        "Geometric": ({n: np.array([geometric(m, dt, *lengths) for m in ms]) for n, ms in motions.items()}, 0.05),
        "": ({n: np.array(case["encoded"][n]) for n in motions}, None),
    }
    expected, statistics = {}, {}
    for name, (features, smallest) in spaces.items():
        if smallest is not None:
            mean = features["training"].mean(0)
            deviation = np.maximum(smallest, features["training"].std(0, ddof=1))
            features = {n: (f - mean) / deviation for n, f in features.items()}
        ours, real = features["set"], features["evaluation"]
        expected["fid" + name] = frechet_of_few(ours, real)
        expected["diversity" + name] = pdist(ours).mean()
        if smallest is None:
            around = neighbourhoods(ours, real, 5)
            expected.update({n: around[n] for n in ("precision", "recall", "density", "coverage")})
            nearest = cdist(ours, features["training"]).min(1)
            expected["nearestTraining"] = nearest.mean()
            statistics["nearestTraining"] = nearest.std() / np.sqrt(len(nearest))
            random = np.random.default_rng(1)
            draws = [random.integers(0, len(ours), len(ours)) for _ in range(2000)]
            statistics["fid"] = np.std([frechet_of_few(ours[d], real) for d in draws], ddof=1)
    squares = np.array([kinetic(m, dt).reshape(-1, 3)[:, :2].sum(1) for m in motions["set"]])
    expected["kineticEnergy"] = squares.mean() / 2
    expected["jerk"] = np.mean([jerk(m, dt) for m in motions["set"]])
    expected["skatingRatio"] = np.mean([skating_ratio(m, dt) for m in motions["set"]])
    for name, value in expected.items():
        compare(name, case["figures"][name], value)
    for name, deviation in statistics.items():
        lower, upper = case["intervals"][name]
        # Two bootstraps of finitely many resamples agree as far as their own spread lets them.
        compare(f"interval of {name}", (upper - lower) / (2 * 1.959964), deviation, rtol=0.15)
    pair = [np.array(p) for p in case["pair"]]
    gap = pair[0] - pair[1]
    compare("mpjpe", case["mpjpe"], 1000 * np.linalg.norm(gap, axis=-1).mean())
    compare(
        "root-relative mpjpe", case["rootRelativeMPJPE"], 1000 * np.linalg.norm(gap - gap[:, :1], axis=-1).mean())
    compare("acceleration error", case["accelerationError"], 1000 * np.linalg.norm(np.diff(gap, 2, 0), axis=-1).mean())
    return len(expected) + len(statistics) + 3


def main():
    case = json.load(open(sys.argv[1]))
    generated, real = np.array(case["generated"]), np.array(case["real"])
    expected = neighbourhoods(generated, real, case["k"])
    expected["frechet"] = frechet(generated, real)
    expected["diversity"] = pdist(generated).mean()
    faults = []

    def compare(name, ours, theirs, rtol=1e-6):
        if not np.allclose(ours, theirs, rtol=rtol, atol=1e-8):
            faults.append(f"{name}: {ours} here {theirs}")

    for name, value in expected.items():
        compare(name, case["figures"][name], value)
    positions, dt = np.array(case["positions"]), case["frameTime"]
    compare("kinetic", case["kinetic"], kinetic(positions, dt))
    lengths = [case[name] for name in ("upperArm", "shoulderWidth", "hipWidth")]
    compare("geometric", case["geometric"], geometric(positions, dt, *lengths))
    count = len(expected) + 2 + (sets(case["sets"], compare) if case.get("sets") else 0)
    print("\n".join(faults) if faults else f"{count} figures agree")
    sys.exit(1 if faults else 0)


main()
