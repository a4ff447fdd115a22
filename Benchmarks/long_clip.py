#!/usr/bin/env python3
"""Makes long clips, runs `surefoot correct` on them, and looks for linear time, constant memory and seams.

    long_clip.py join CLIP.bvh... -o LONG.bvh      one clip after another: each is turned and moved to where the last one
                                                   ends, and the two are blended over 0.4 s
    long_clip.py time LONG.bvh -o FOLDER --surefoot PROGRAM --seconds 10 20 40 60
    long_clip.py seams IN.bvh OUT.bvh --boundary 0.0667 1 10

`time` cuts LONG.bvh, corrects each cut in a process of its own, and fits lines to CPU time and peak memory. `seams` compares
acceleration and jerk at the multiples of each boundary [s] with those elsewhere. Needs numpy.
"""
import argparse
import json
import pathlib
import resource
import subprocess
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from bipeds import BVH, about, euler  # noqa: E402


def logarithm(turn):
    """Rotation vectors of rotation matrices."""
    axis = np.stack([turn[..., 2, 1] - turn[..., 1, 2], turn[..., 0, 2] - turn[..., 2, 0],
                     turn[..., 1, 0] - turn[..., 0, 1]], -1) / 2
    sine = np.linalg.norm(axis, axis=-1)
    angle = np.arctan2(sine, (np.trace(turn, axis1=-2, axis2=-1) - 1) / 2)
    return axis * np.where(sine > 1e-9, angle / np.maximum(sine, 1e-12), 1.0)[..., None]


def exponential(vector):
    angle = np.linalg.norm(vector, axis=-1)[..., None, None]
    x, y, z = np.moveaxis(vector, -1, 0)
    o = np.zeros_like(x)
    k = np.stack([o, -z, y, z, o, -x, -y, x, o], -1).reshape(vector.shape[:-1] + (3, 3))
    a = np.where(angle > 1e-9, np.sin(angle) / np.maximum(angle, 1e-12), 1.0)
    b = np.where(angle > 1e-9, (1 - np.cos(angle)) / np.maximum(angle, 1e-12) ** 2, 0.5)
    return np.eye(3) + a * k + b * (k @ k)


def join(arguments):
    first = BVH(arguments.clips[0])
    turns, places = [], []
    for path in arguments.clips:
        clip = BVH(path)
        if clip.head != first.head:
            sys.exit(f"{path}: another skeleton")
        turn, place = (x[1:] for x in clip.local())
        root = place[:, 0]
        if turns:
            n = int(round(0.4 / clip.frame_time))
            before, there = turns[-1], places[-1]
            heading = lambda r: np.arctan2(r[0, 2], r[2, 2])
            spin = about("Y", heading(before[-n, 0]) - heading(turn[0, 0]))
            turn[:, 0] = spin @ turn[:, 0]
            root = (root - root[0]) @ spin.T + there[-n] * [1, 0, 1] + root[0] * [0, 1, 0]
            share = (1 - np.cos(np.pi * (np.arange(n) + 0.5) / n)) / 2
            step = logarithm(np.swapaxes(before[-n:], -1, -2) @ turn[:n])
            before[-n:] = before[-n:] @ exponential(step * share[:, None, None])
            there[-n:] += share[:, None] * (root[:n] - there[-n:])
            turn, root = turn[n:], root[n:]
        turns.append(turn.copy())
        places.append(root.copy())
    turn, root = np.concatenate(turns), np.concatenate(places)
    columns = []
    for joint, channels in enumerate(first.channels):
        order = "".join(c[0] for c in channels if c.endswith("rotation"))
        angles = np.degrees(np.unwrap(euler(turn[:, joint], order), axis=0))
        columns += [root] if joint == 0 else []
        columns.append(angles)
    save(arguments.output, arguments.clips[0], np.concatenate(columns, 1), first.frame_time)


def save(path, like, values, frame_time):
    head = pathlib.Path(like).read_text().split("MOTION", 1)[0]
    rows = "\n".join(" ".join(f"{x:.6f}" for x in row) for row in values)
    pathlib.Path(path).write_text(f"{head}MOTION\nFrames: {len(values)}\nFrame Time: {frame_time:.9f}\n{rows}\n")
    print(f"{path}: {len(values) * frame_time:.1f} s")


def measure(arguments):
    folder = pathlib.Path(arguments.output)
    folder.mkdir(parents=True, exist_ok=True)
    clip = BVH(arguments.clip)
    rows = []
    print("| s | CPU s | CPU s/s | peak MB | verdict | MPJPE mm |\n|---|---|---|---|---|---|")
    for seconds in arguments.seconds:
        count = min(clip.count, int(round(seconds / clip.frame_time)))
        cut = folder / f"cut-{seconds:g}.bvh"
        save(cut, arguments.clip, clip.values[:count], clip.frame_time) if not cut.exists() else None
        command = [arguments.surefoot, "correct", str(cut), "-o", str(folder / "corrected"), "--corrector",
                   arguments.corrector, "--force", "--json", "--jobs", "1"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            text = process.stdout.read()
            _, _, usage = __import__("os").wait4(process.pid, 0)
            process.returncode = 0
        result = json.loads(text)["clips"][0]
        length = (count - 1) * clip.frame_time
        cpu, peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
        rows.append((length, cpu, peak))
        print(f"| {length:.1f} | {cpu:.1f} | {cpu / length:.2f} | {peak:.0f} | {result.get('verdict')} "
              f"| {result['figures']['mpjpe']:.1f} |", flush=True)
    t, cpu, peak = np.array(rows).T
    for name, y in (("CPU s", cpu), ("peak MB", peak)):
        slope, start = np.polyfit(t, y, 1)
        rest = y - slope * t - start
        print(f"{name}: {start:.2f} + {slope:.3f} a second of motion; off the line by at most {np.abs(rest).max():.2f}")


def seams(arguments):
    figures = {}
    for name, path in (("in", arguments.input), ("out", arguments.corrected)):
        clip = BVH(path)
        places = clip.world()[1][arguments.skip:]
        figures[name] = [np.linalg.norm(np.diff(places, order, axis=0), axis=2).mean(1) / clip.frame_time ** order
                         for order in (2, 3)]
        frame_time = clip.frame_time
    print("| boundary s | places | | mean there | mean elsewhere | median there | median elsewhere |")
    print("|---|---|---|---|---|---|---|")
    for boundary in arguments.boundary:
        for order, unit in ((2, "acceleration m/s^2"), (3, "jerk m/s^3")):
            for name in ("in", "out"):
                y = figures[name][order - 2] * arguments.unit
                at = np.zeros(len(y), bool)
                ends = np.arange(boundary, len(y) * frame_time, boundary) / frame_time
                for end in ends:
                    k = int(round(end))
                    at[max(0, k - order):k + 1] = True
                if at.all():
                    continue
                print(f"| {boundary:g} | {len(ends)} | {name}: {unit} | {y[at].mean():.2f} | {y[~at].mean():.2f} "
                      f"| {np.median(y[at]):.2f} | {np.median(y[~at]):.2f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    joiner = commands.add_parser("join")
    joiner.add_argument("clips", nargs="+")
    joiner.add_argument("-o", "--output", required=True)
    joiner.set_defaults(run=join)
    timer = commands.add_parser("time")
    timer.add_argument("clip")
    timer.add_argument("-o", "--output", required=True)
    timer.add_argument("--surefoot", default="surefoot")
    timer.add_argument("--corrector", default="predictive")
    timer.add_argument("--seconds", type=float, nargs="+", default=[10, 20, 40, 60])
    timer.set_defaults(run=measure)
    looker = commands.add_parser("seams")
    looker.add_argument("input")
    looker.add_argument("corrected")
    looker.add_argument("--boundary", type=float, nargs="+", default=[1 / 15, 1, 10])
    looker.add_argument("--skip", type=int, default=0)
    looker.add_argument("--unit", type=float, default=0.0254 / 0.45, help="metres in a unit of the files")
    looker.set_defaults(run=seams)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
