#!/usr/bin/env python3
"""Corrects one motion on the skeletons of many exporters, and checks what must be kept.

    bipeds.py make CLIP.bvh... -o FOLDER          writes each clip of CMU's (cgspeed's BVH) on every rig of Tests/Rigs
    bipeds.py correct FOLDER --surefoot PROGRAM   corrects them, checks the files, and prints a Markdown table

What is kept: hierarchy text, number of frames, frame time, and the motion of every joint that stands for no part of the
body, relative to its parent. World positions of the parts of the body are compared with those of the same clip corrected on
CMU's own skeleton. Needs numpy.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys

import numpy as np

RIGS = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Rigs"
UNITS = {"m": 1.0, "cm": 0.01, "mm": 0.001, "inch": 0.0254, "cmu": 0.0254 / 0.45}
CMU = {
    "pelvis": "Hips", "spine1": "LowerBack", "spine2": "Spine", "spine3": "Spine1", "neck": "Neck1", "head": "Head",
    **{f"{side}{part}": f"{Side}{joint}" for side, Side in [("left", "Left"), ("right", "Right")] for part, joint in [
        ("Hip", "UpLeg"), ("Knee", "Leg"), ("Ankle", "Foot"), ("Foot", "ToeBase"), ("Collar", "Shoulder"),
        ("Shoulder", "Arm"), ("Elbow", "ForeArm"), ("Wrist", "Hand")]},
}
#: The joint at the far end of each part that is cut in two.
NEXT = {"pelvis": "spine1", "spine1": "spine2", "spine2": "spine3", "spine3": "neck", "neck": "head",
        **{f"{s}{a}": f"{s}{b}" for s in ("left", "right") for a, b in [
            ("Hip", "Knee"), ("Knee", "Ankle"), ("Shoulder", "Elbow"), ("Elbow", "Wrist")]}}


def about(axis, angle):
    """Rotation matrices about X, Y or Z; `angle` in radians, any shape."""
    angle = np.asarray(angle, float)
    c, s, o, z = np.cos(angle), np.sin(angle), np.ones_like(angle), np.zeros_like(angle)
    rows = {"X": [o, z, z, z, c, -s, z, s, c], "Y": [c, z, s, z, o, z, -s, z, c], "Z": [c, -s, z, s, c, z, z, z, o]}
    return np.stack(rows[axis], -1).reshape(angle.shape + (3, 3))


def euler(matrices, order):
    """Angles in radians of rotations about three different axes, in the channels' order."""
    i, j, k = ("XYZ".index(a) for a in order)
    sign = 1.0 if (j - i) % 3 == 1 else -1.0
    level = np.hypot(matrices[..., k, k], matrices[..., j, k])
    middle = np.arctan2(sign * matrices[..., i, k], level)
    first = np.arctan2(-sign * matrices[..., j, k], matrices[..., k, k])
    last = np.arctan2(-sign * matrices[..., i, j], matrices[..., i, i])
    # Where two axes fall together one angle says it all.
    locked = level < 1e-7
    first = np.where(locked, np.arctan2(sign * matrices[..., k, j], matrices[..., j, j]), first)
    last = np.where(locked, 0.0, last)
    return np.stack([first, middle, last], -1)


class BVH:
    """A BVH file by a reader of its own: names, parents, offsets, channels and values, in the file's units."""

    def __init__(self, path):
        text = pathlib.Path(path).read_text()
        head, body = text.split("MOTION", 1)
        self.head = " ".join(head.split())
        self.names, self.parents, self.offsets, self.channels = [], [], [], []
        stack, current = [], None
        lines = iter(head.splitlines())
        for line in lines:
            words = line.split()
            if not words:
                continue
            if words[0] in ("ROOT", "JOINT"):
                self.names.append(line.strip()[len(words[0]):].strip())
                self.parents.append(stack[-1] if stack else -1)
                self.offsets.append([0.0] * 3)
                self.channels.append([])
                current = len(self.names) - 1
            elif words[0] == "End":
                current = None
            elif words[0] == "{":
                stack.append(current)
            elif words[0] == "}":
                stack.pop()
            elif words[0] == "OFFSET" and stack[-1] is not None:
                self.offsets[stack[-1]] = [float(x) for x in words[1:4]]
            elif words[0] == "CHANNELS":
                self.channels[stack[-1]] = words[2:]
        rows = body.strip().splitlines()
        self.count = int(rows[0].split()[1])
        self.frame_time = float(rows[1].split()[2])
        self.values = np.array([float(x) for row in rows[2:] for x in row.split()]).reshape(self.count, -1)
        self.offsets = np.array(self.offsets)

    def local(self):
        """Rotations and translations of every joint against its parent."""
        turns = np.broadcast_to(np.eye(3), (self.count, len(self.names), 3, 3)).copy()
        places = np.broadcast_to(self.offsets, (self.count, len(self.names), 3)).copy()
        column = 0
        for joint, channels in enumerate(self.channels):
            for channel in channels:
                value = self.values[:, column]
                column += 1
                if channel.endswith("position"):
                    places[:, joint, "XYZ".index(channel[0])] = value
                else:
                    turns[:, joint] = turns[:, joint] @ about(channel[0], np.radians(value))
        return turns, places

    def world(self):
        turns, places = self.local()
        for joint, parent in enumerate(self.parents):
            if parent >= 0:
                places[:, joint] = places[:, parent] + np.einsum("fij,fj->fi", turns[:, parent], places[:, joint])
                turns[:, joint] = turns[:, parent] @ turns[:, joint]
        return turns, places


class Rig:
    """A hierarchy of Tests/Rigs: joints, and which part of the body each one is."""

    def __init__(self, path):
        self.name = path.stem
        self.settings = {"up": "y", "channels": "3", "root": "moves", "rest": "t"}
        head, tree = path.read_text().split("\n\n", 1)
        for line in head.splitlines():
            if not line.startswith("#"):
                key, value = line.split(": ")
                self.settings[key] = value
        self.names, self.parents, self.parts, self.shares = [], [], [], []
        above = {}
        for line in tree.splitlines():
            depth = (len(line) - len(line.lstrip())) // 2
            name, _, source = line.strip().partition(" = ")
            part, _, share = source.partition("@")
            above[depth] = len(self.names)
            self.names.append(name)
            self.parents.append(above[depth - 1] if depth else -1)
            self.parts.append(part or None)
            self.shares.append(float(share) if share else None)

    def write(self, clip, path, every):
        """Writes the clip's motion, without its first frame, on this rig."""
        world, places = clip.world()
        world, places = world[1::every], places[1::every] * UNITS["cmu"]
        source = {part: clip.names.index(joint) for part, joint in CMU.items()}
        rest = np.zeros((len(clip.names), 3))
        for joint, parent in enumerate(clip.parents):
            if parent >= 0:
                rest[joint] = rest[parent] + clip.offsets[joint] * UNITS["cmu"]
        frames = len(world)
        count = len(self.names)
        turns = np.zeros((frames, count, 3, 3))
        spots = np.zeros((frames, count, 3))
        resting = np.zeros((count, 3))
        own = np.broadcast_to(np.eye(3), (count, 3, 3)).copy()
        time = np.arange(frames) * clip.frame_time * every
        helpers = [i for i, part in enumerate(self.parts) if part is None]
        for i, (part, parent) in enumerate(zip(self.parts, self.parents)):
            if part:
                joint = source[part]
                far = rest[source[NEXT[part]]] if part in NEXT else rest[joint]
                resting[i] = rest[joint] + (self.shares[i] or 0) * (far - rest[joint])
                own[i] = self.rest_turn(part)
                turns[:, i] = world[:, joint] @ own[i]
                spots[:, i] = places[:, joint] + np.einsum(
                    "fij,j->fi", world[:, joint], resting[i] - rest[joint])
            elif parent < 0:
                own[i] = np.eye(3)
                turns[:, i] = np.eye(3)
                hips = places[:, source["pelvis"]]
                root = self.settings["root"]
                if root == "hips":
                    resting[i], spots[:, i] = rest[source["pelvis"]], hips
                    turns[:, i] = world[:, source["pelvis"]]
                else:
                    resting[i] = rest[source["pelvis"]] - [0, 0.95, 0]
                    if root == "follows":
                        spots[:, i] = hips * [1, 0, 1]
            else:
                # Wags, and hangs a little beside its parent.
                k = helpers.index(i)
                own[i] = own[parent]
                arm = 0.03 * np.array([np.cos(k), -0.3, np.sin(k)])
                resting[i] = resting[parent] + own[parent] @ arm
                wag = about("XYZ"[k % 3], 0.3 * np.sin(time * (2 + k % 5) + k))
                turns[:, i] = turns[:, parent] @ wag
                spots[:, i] = spots[:, parent] + np.einsum("fij,j->fi", turns[:, parent], arm)
        self.emit(path, turns, spots, resting, own, clip.frame_time * every)

    def rest_turn(self, part):
        """How the rest pose's joint is turned against the clip's."""
        side = 1 if part.startswith("left") else -1
        arms = part.endswith(("Shoulder", "Elbow", "Wrist"))
        if self.settings["rest"] == "a" and arms:
            return about("Z", np.radians(45 * side))
        if self.settings["rest"] == "x":
            # Where the body's left, up and forward are in the joint's own axes: bones along X, knees bend about Z.
            x, y, z = np.eye(3)
            if part.endswith(("Hip", "Knee")):
                return np.array([z, -x, -y])
            if part.endswith(("Ankle", "Foot")):
                return np.array([z, -y, x])
            if part in ("spine1", "spine2", "spine3", "neck", "head", "pelvis"):
                return np.array([z, x, y])
            return np.array([side * x, -side * z, y])
        if self.settings["rest"] == "odd":
            if part.endswith(("Hip", "Knee", "Ankle")):
                return about("Z", np.radians(-90)) @ about("Y", 0.4 * side)
            if part in ("spine1", "spine2", "spine3", "neck", "head", "pelvis"):
                return about("Z", np.radians(90))
            return about("X", np.radians(90 * side)) if arms else np.eye(3)
        return np.eye(3)

    def emit(self, path, turns, spots, resting, own, frame_time):
        unit = UNITS[self.settings["units"]]
        axes = about("X", np.pi / 2) if self.settings["up"] == "z" else np.eye(3)
        order = self.settings["order"]
        children = [[c for c, p in enumerate(self.parents) if p == i] for i in range(len(self.names))]
        six = self.settings["channels"] == "6"
        placed = [p < 0 or six for p in self.parents]
        if self.parts[0] is None:
            placed[self.parents.index(0)] = True
            for child in children[0]:
                placed[child] = True
            placed[0] = self.settings["root"] != "fixed"
        lines, columns = ["HIERARCHY"], []

        def offset(i):
            p = self.parents[i]
            gap = resting[i] - (resting[p] if p >= 0 else resting[i])
            return axes @ (own[p].T @ gap if p >= 0 else gap) / unit

        def text(v):
            return " ".join(f"{x + 0.0:.6f}".replace("-0.000000", "0.000000") for x in v)

        def put(i, depth):
            pad = "\t" * depth
            p = self.parents[i]
            lines.append(f"{pad}{'ROOT' if p < 0 else 'JOINT'} {self.names[i]}")
            lines.append(pad + "{")
            lines.append(f"{pad}\tOFFSET {text(offset(i))}")
            channels = ["Xposition", "Yposition", "Zposition"] if placed[i] else []
            channels += [f"{a}rotation" for a in order]
            lines.append(f"{pad}\tCHANNELS {len(channels)} {' '.join(channels)}")
            turn = turns[:, i] if p < 0 else np.swapaxes(turns[:, p], 1, 2) @ turns[:, i]
            if placed[i]:
                place = spots[:, i] if p < 0 else np.einsum("fji,fj->fi", turns[:, p], spots[:, i] - spots[:, p])
                if p >= 0 and self.parts[0] is not None:
                    place = np.broadcast_to(axes.T @ offset(i) * unit, place.shape)
                columns.append(place @ axes.T / unit)
            angles = euler(axes @ turn @ axes.T, order)
            columns.append(np.degrees(np.unwrap(angles, axis=0)))
            for child in children[i]:
                put(child, depth + 1)
            if not children[i]:
                lines.append(f"{pad}\tEnd Site")
                lines.append(pad + "\t{")
                lines.append(f"{pad}\t\tOFFSET {text(axes @ self.tip(i) / unit)}")
                lines.append(pad + "\t}")
            lines.append(pad + "}")

        put(0, 0)
        values = np.concatenate(columns, 1)
        lines += ["MOTION", f"Frames: {len(values)}", f"Frame Time: {frame_time:.9f}"]
        lines += [text(row) for row in values]
        path.write_text("\n".join(lines) + "\n")

    def tip(self, i):
        part = self.parts[i] or ""
        way = self.rest_turn(part).T if part else np.eye(3)
        if part == "head":
            return way @ np.array([0, 0.1, 0])
        if part.endswith(("Foot", "Ankle")):
            return way @ np.array([0, 0 if part.endswith("Foot") else -0.05, 0.06])
        return way @ np.array([0.04 if part.startswith("left") else -0.04, 0, 0])


def make(arguments):
    folder = pathlib.Path(arguments.output)
    rigs = [Rig(path) for path in sorted(RIGS.glob("*.txt"))]
    for path in map(pathlib.Path, arguments.clips):
        clip = BVH(path)
        target = folder / "cmu"
        target.mkdir(parents=True, exist_ok=True)
        (target / path.name).write_text(path.read_text())
        for rig in rigs:
            (folder / rig.name).mkdir(exist_ok=True)
            rig.write(clip, folder / rig.name / path.name, arguments.every)
    print(f"{len(arguments.clips)} clips on {len(rigs)} rigs in {folder}")


def turned(a, b):
    """The largest angle between rotations [degrees]."""
    trace = np.einsum("...ij,...ij->...", a, b)
    small = np.linalg.norm(a - b, axis=(-2, -1)) / np.sqrt(2)
    return float(np.degrees(np.max(np.where(trace > 2.9, small, np.arccos(np.clip((trace - 1) / 2, -1, 1))))))


def compare(rig, before, after, common, every):
    """What was not kept (sentences), and the positions of the body's parts [m]."""
    problems = []
    if before.head != after.head:
        problems.append("the hierarchy changed")
    if (before.count, before.frame_time) != (after.count, after.frame_time):
        problems.append("frames or frame time changed")
        return problems, None
    (turns, places), (new_turns, new_places) = before.local(), after.local()
    unit = UNITS[rig.settings["units"]]
    for i, part in enumerate(rig.parts):
        if part is not None or i == 0:
            continue
        angle = turned(turns[:, i], new_turns[:, i])
        gap = np.abs(places[:, i] - new_places[:, i]).max() * unit
        if angle > 0.01 or gap > 1e-4:
            problems.append(f"{rig.names[i]} moved by {angle:.3f} degrees, {1000 * gap:.2f} mm")
    return problems, after.world()[1]


def correct(arguments):
    folder = pathlib.Path(arguments.folder)
    output = folder / "corrected"
    command = [arguments.surefoot, "correct", str(folder), "-o", str(output), "--corrector", arguments.corrector,
               "--jobs", str(arguments.jobs), "--json"]
    run = subprocess.run(command, capture_output=True, text=True)
    print(run.stderr[-3000:], file=sys.stderr)
    clips = {c["input"].split("/", len(folder.parts))[-1] if False else str(
        pathlib.Path(c["input"]).relative_to(folder)): c for c in json.loads(run.stdout)["clips"]}
    rigs = {path.stem: Rig(path) for path in RIGS.glob("*.txt")}
    names = sorted({pathlib.Path(k).name for k in clips})
    print("| rig | joints | unit, up, order, channels | " + " | ".join(
        f"{pathlib.Path(n).stem}: verdict, MPJPE mm" for n in names) + " | parts from CMU's, mm | kept |")
    print("|---" * (len(names) + 5) + "|")
    bad = 0
    for rig_name in ["cmu"] + sorted(rigs):
        cells, far, problems = [], [], []
        rig = rigs.get(rig_name)
        for name in names:
            clip = clips.get(f"{rig_name}/{name}", {})
            verdict, figures = clip.get("verdict", clip.get("failure", "missing")), clip.get("figures")
            cells.append(f"{verdict} {figures['mpjpe']:.1f}" if figures else verdict)
            bad += verdict not in ("corrected", "unchanged") and rig is not None and rig_name != "cmu" and (
                clips.get(f"cmu/{name}", {}).get("verdict") == "corrected")
            made, own = output / rig_name / name, output / "cmu" / name
            if rig is None or not made.exists():
                continue
            found, places = compare(rig, BVH(folder / rig_name / name), BVH(made), None, arguments.every)
            problems += found
            if places is not None and own.exists():
                reference = BVH(own)
                theirs = reference.world()[1][1::arguments.every] * UNITS["cmu"]
                unit = UNITS[rig.settings["units"]]
                axes = about("X", -np.pi / 2) if rig.settings["up"] == "z" else np.eye(3)
                pairs = [(i, reference.names.index(CMU[p])) for i, (p, s) in enumerate(zip(rig.parts, rig.shares))
                         if p and s is None]
                gaps = [np.linalg.norm(places[:, i] @ axes.T * unit - theirs[:, j], axis=1).mean() for i, j in pairs]
                far.append(1000 * float(np.mean(gaps)))
        form = "cmu, y, ZYX, 3" if rig is None else ", ".join(
            [rig.settings[k] for k in ("units", "up", "order", "channels")])
        count = 31 if rig is None else len(rig.names)
        distance = " ".join(f"{x:.0f}" for x in far) or "-"
        bad += len(problems)
        kept = "yes" if not problems else "; ".join(problems[:3])
        print(f"| {rig_name} | {count} | {form} | " + " | ".join(cells) + f" | {distance} | {kept} |")
    print(f"{bad} failures; exit code {run.returncode}", file=sys.stderr)
    sys.exit(1 if bad else 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    maker = commands.add_parser("make")
    maker.add_argument("clips", nargs="+")
    maker.add_argument("-o", "--output", required=True)
    maker.set_defaults(run=make)
    corrector = commands.add_parser("correct")
    corrector.add_argument("folder")
    corrector.add_argument("--surefoot", default="surefoot")
    corrector.add_argument("--corrector", default="predictive")
    corrector.add_argument("--jobs", default=2, type=int)
    corrector.set_defaults(run=correct)
    for command in (maker, corrector):
        command.add_argument("--every", default=2, type=int, help="keep every n-th frame of the clips")
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
