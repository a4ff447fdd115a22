"""Writes a BVH clip or a GLB file as other programs and people have it: other axes, units, channels, rest poses, parts left
out. Imported by `variants`; numpy alone.
"""
import copy
import json
import struct

import numpy as np


def text_of(clip, names=None, offsets=None, values=None, channels=None, frame_time=None, tips=None):
    """The clip as BVH text, with parts replaced."""
    names = names or clip.names
    offsets = clip.offsets if offsets is None else offsets
    channels = channels or clip.channels
    values = clip.values if values is None else values
    tips = clip.tips if tips is None else tips
    out = ["HIERARCHY"]

    def joint(k, depth):
        pad = "\t" * depth
        out.append(f"{pad}{'ROOT' if clip.parents[k] < 0 else 'JOINT'} {names[k]}")
        out.append(pad + "{")
        out.append(f"{pad}\tOFFSET " + " ".join(f"{x:.6f}" for x in offsets[k]))
        out.append(f"{pad}\tCHANNELS {len(channels[k])} " + " ".join(channels[k]))
        for child in range(len(clip.parents)):
            if clip.parents[child] == k:
                joint(child, depth + 1)
        for owner, tip in tips:
            if owner == k:
                out.append(pad + "\tEnd Site\n" + pad + "\t{")
                out.append(f"{pad}\t\tOFFSET " + " ".join(f"{x:.6f}" for x in tip))
                out.append(pad + "\t}")
        out.append(pad + "}")

    joint(0, 0)
    time = clip.frame_time if frame_time is None else frame_time
    out += ["MOTION", f"Frames: {len(values)}", f"Frame Time: {time}"]
    out += [" ".join(f"{x:.6f}" for x in row) for row in values]
    return "\n".join(out) + "\n"


def turned(clip, turn):
    """The clip's values with the whole motion turned by a matrix, the rest pose left as it is."""
    values = clip.values.copy()
    names = clip.channels[0]
    place = [i for i, n in enumerate(names) if n.lower().endswith("position")]
    angle = [i for i, n in enumerate(names) if n.lower().endswith("rotation")]
    order = ["xyz".index(names[i][0].lower()) for i in angle]
    move = np.zeros((len(values), 3))
    for i in place:
        move[:, "xyz".index(names[i][0].lower())] = values[:, i]
    move = move @ turn.T
    for i in place:
        values[:, i] = move[:, "xyz".index(names[i][0].lower())]
    for row in values:
        m = turn.copy()
        for i, axis in zip(angle, order):
            m = m @ axis_turn(axis, np.radians(row[i]))
        for i, value in zip(angle, euler(m, order)):
            row[i] = np.degrees(value)
    return values


def axis_turn(axis, angle):
    c, s = np.cos(angle), np.sin(angle)
    m = np.eye(3)
    a, b = (axis + 1) % 3, (axis + 2) % 3
    m[a, a] = m[b, b] = c
    m[a, b], m[b, a] = -s, s
    return m


def euler(m, order):
    """Angles about three different axes, applied left to right."""
    i, j, k = order
    sign = 1 if (j - i) % 3 == 1 else -1
    middle = np.arcsin(np.clip(sign * m[i, k], -1, 1))
    if abs(m[i, k]) > 1 - 1e-10:
        # The first and the last axis are one: all of the turn is about the first.
        return [np.arctan2(sign * m[k, j], m[j, j]), middle, 0.0]
    return [np.arctan2(-sign * m[j, k], m[k, k]), middle, np.arctan2(-sign * m[i, j], m[i, i])]


class Clip:
    """A clip with other values and rest pose."""

    def __init__(self, clip, values, rest):
        self.__dict__.update(copy.copy(clip.__dict__))
        self.values, self.offsets, self.tips = values, rest["offsets"], rest["tips"]


def conjugated(clip, turn):
    """The values for which the rest pose turned by a matrix gives the motion turned by it."""
    values, column = clip.values.copy(), 0
    for names in clip.channels:
        place = [column + i for i, n in enumerate(names) if n.lower().endswith("position")]
        angle = [(column + i, "xyz".index(n[0].lower())) for i, n in enumerate(names) if n.lower().endswith("rotation")]
        if place:
            axes = ["xyz".index(names[i - column][0].lower()) for i in place]
            move = np.zeros((len(values), 3))
            move[:, axes] = values[:, place]
            values[:, place] = (move @ turn.T)[:, axes]
        for row in values:
            m = turn.copy()
            for i, axis in angle:
                m = m @ axis_turn(axis, np.radians(row[i]))
            m = m @ turn.T
            for (i, _), value in zip(angle, euler(m, [a for _, a in angle])):
                row[i] = np.degrees(value)
        column += len(names)
    return values


def scaled(clip, k):
    values, column = clip.values.copy(), 0
    for names in clip.channels:
        for name in names:
            if name.lower().endswith("position"):
                values[:, column] *= k
            column += 1
    return values


def widened(clip, kind, channels=None):
    """The values with three positions for every joint that `channels` gives them to: zeros, or its OFFSET."""
    columns, column = [], 0
    for k, names in enumerate(clip.channels):
        old = {n.lower(): clip.values[:, column + i] for i, n in enumerate(names)}
        column += len(names)
        wanted = channels[k] if channels else ["Xposition", "Yposition", "Zposition"] + \
            [n for n in names if n.lower().endswith("rotation")]
        for name in wanted:
            value = old.get(name.lower())
            if value is None:
                value = np.full(len(clip.values), clip.offsets[k]["xyz".index(name[0].lower())] if kind == "offset" else 0.0)
            columns.append(value)
    return np.stack(columns, axis=1)


def rests(clip):
    """Axes of every joint at rest, by name."""
    below = [[np.asarray(clip.offsets[c]) for c, p in enumerate(clip.parents) if p == k] + [t for j, t in clip.tips if j == k]
             for k in range(len(clip.parents))]
    bones = [next((b / np.linalg.norm(b) for b in bs if np.linalg.norm(b) > 1e-6), np.array([0, 1.0, 0])) for bs in below]
    for axis, name in enumerate(("X", "Y", "Z")):
        yield f"bones along {name}", [between(np.eye(3)[axis], bone) for bone in bones]
    random = np.random.default_rng(5)
    yield "random axes", [np.linalg.qr(random.normal(size=(3, 3)))[0] for _ in bones]
    for name, words, degrees in (("A-pose", ("arm",), 45), ("legs splayed", ("upleg", "thigh", "hip_"), 25),
                                 ("feet down", ("foot", "ankle"), 40)):
        axes = []
        for k, joint in enumerate(clip.names):
            parent = axes[clip.parents[k]] if clip.parents[k] >= 0 else np.eye(3)
            first = any(w in joint.lower() for w in words) and "fore" not in joint.lower()
            side = 1 if joint.lower().startswith("l") else -1
            turn = axis_turn(0 if name == "feet down" else 2, np.radians(degrees * (1 if name == "feet down" else side)))
            axes.append(parent @ turn if first else parent)
        yield name, axes


def between(a, b):
    """A rotation, proper, that turns the direction a to b."""
    v, c = np.cross(a, b), float(a @ b)
    if c < -0.999999:
        w = np.eye(3)[np.abs(a).argmin()]
        u = np.cross(a, w) / np.linalg.norm(np.cross(a, w))
        return 2 * np.outer(u, u) - np.eye(3)
    k = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    return np.eye(3) + k + k @ k / (1 + c)


def rested(clip, axes):
    """The same motion for joints whose own axes are others at rest."""
    axes = [a * np.sign(np.linalg.det(a)) for a in axes]
    offsets = [o if p < 0 else axes[p].T @ o for o, p in zip(clip.offsets, clip.parents)]
    tips = [(k, axes[k].T @ t) for k, t in clip.tips]
    values, column = clip.values.copy(), 0
    for k, names in enumerate(clip.channels):
        angle = [(column + i, "xyz".index(n[0].lower())) for i, n in enumerate(names) if n.lower().endswith("rotation")]
        before = axes[clip.parents[k]].T if clip.parents[k] >= 0 else np.eye(3)
        for row in values:
            m = np.eye(3)
            for i, axis in angle:
                m = m @ axis_turn(axis, np.radians(row[i]))
            for (i, _), value in zip(angle, euler(before @ m @ axes[k], [a for _, a in angle])):
                row[i] = np.degrees(value)
        column += len(names)
    return dict(offsets=offsets, tips=tips, values=values)


def tree(count, depth):
    """A BVH text of chains, `depth` deep, below one root."""
    lines, made = ["HIERARCHY", "ROOT r", "{", "OFFSET 0 90 0", "CHANNELS 3 Zrotation Xrotation Yrotation"], 1
    while made < count:
        length = min(depth - 1, count - made)
        for k in range(length):
            lines += [f"JOINT j{made + k}", "{", "OFFSET 0 1 0", "CHANNELS 0"]
        lines += ["End Site", "{", "OFFSET 0 1 0", "}"] + ["}"] * length
        made += length
    return "\n".join(lines + ["}", "MOTION", "Frames: 2", "Frame Time: 0.033333", "0 0 0", "0 0 1", ""])


def pruned(clip, rename, gone):
    """The clip's text with joints renamed and subtrees left out."""
    keep = []
    for k, name in enumerate(clip.names):
        keep.append(name not in gone and (clip.parents[k] < 0 or keep[clip.parents[k]]))
    part = copy.copy(clip)
    index = {k: i for i, k in enumerate(k for k in range(len(keep)) if keep[k])}
    part.names = [rename(clip.names[k]) for k in index]
    part.parents = [index.get(clip.parents[k], -1) for k in index]
    part.offsets = [clip.offsets[k] for k in index]
    part.channels = [clip.channels[k] for k in index]
    part.tips = [(index[k], t) for k, t in clip.tips if k in index]
    leaves = set(range(len(index))) - set(part.parents) - {k for k, _ in part.tips}
    part.tips += [(k, np.array([0, -1.0, 0])) for k in leaves]
    columns, column = [], 0
    for k, names in enumerate(clip.channels):
        if keep[k]:
            columns += range(column, column + len(names))
        column += len(names)
    part.values = clip.values[:, columns]
    return text_of(part)


def document(path):
    """A GLB file's JSON and binary chunk."""
    data = open(path, "rb").read()
    size = struct.unpack_from("<I", data, 12)[0]
    return json.loads(data[20:20 + size]), data[20 + size + 8:]


def edited(path, change, binary=False):
    """A GLB file whose JSON was changed."""
    scene, data = document(path)
    if binary:
        data = change(scene, data)
    else:
        change(scene)
    text = json.dumps(scene).encode()
    text += b" " * (-len(text) % 4)
    data += b"\0" * (-len(data) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(data), b"BIN\0") + data
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def second_animation(scene):
    scene["animations"][0]["name"] = "First"
    scene["animations"].append(dict(copy.deepcopy(scene["animations"][0]), name="Second"))


def bare(scene):
    """No skin, and no keys for the nodes below which there is no joint."""
    animation, nodes = scene["animations"][0], scene["nodes"]
    animation["channels"] = [c for c in animation["channels"] if nodes[c["target"]["node"]].get("children")]
    for node in scene["nodes"]:
        node.pop("skin", None)
        node.pop("mesh", None)
    for key in ("skins", "meshes"):
        scene.pop(key, None)


def scale_keys(scene, data):
    """Scale keys, 1 to 2, on the last node of the animation."""
    animation = scene["animations"][0]
    source = animation["samplers"][0]["input"]
    count = scene["accessors"][source]["count"]
    values = np.repeat(np.linspace(1, 2, count)[:, None], 3, axis=1).astype("<f4").tobytes()
    start = len(data)
    data = data + values
    scene["buffers"][0]["byteLength"] = len(data)
    scene["bufferViews"].append(dict(buffer=0, byteOffset=start, byteLength=len(values)))
    scene["accessors"].append(dict(bufferView=len(scene["bufferViews"]) - 1, componentType=5126, count=count, type="VEC3"))
    animation["samplers"].append(dict(input=source, output=len(scene["accessors"]) - 1, interpolation="LINEAR"))
    animation["channels"].append(dict(
        sampler=len(animation["samplers"]) - 1,
        target=dict(node=animation["channels"][-1]["target"]["node"], path="scale")))
    return data
