#!/usr/bin/env python3
"""Recomputes HumanML3D's 263 numbers with numpy and compares them with a file that Surefoot wrote.

usage: tools/checks/humanml-features.py CLIP.npz CLIP.npy

    surefoot convert clip.bvh -o clip.npz --skeleton canonical --fps 20
    surefoot convert clip.npz -o clip.npy
    tools/checks/humanml-features.py clip.npz clip.npy

Follows the code that C. Guo et al. published with "Generating Diverse and Natural 3D Human Motions from Text" (CVPR 2022),
by rotation matrices where that uses quaternions and without its first step, which puts every person on one skeleton.
Prints the largest difference of each group of numbers; exits with 1 if one is above 1e-4.
"""
import sys

import numpy as np

TOLERANCE = 1e-4
CHAINS = [[0, 2, 5, 8, 11], [0, 1, 4, 7, 10], [0, 3, 6, 9, 12, 15], [9, 14, 17, 19, 21], [9, 13, 16, 18, 20]]
X, Y, Z = np.eye(3)
REST = [0 * X, X, -X, Y, -Y, -Y, Y, -Y, -Y, Y, Z, Z, Y, X, -X, Z, -Y, -Y, -Y, -Y, -Y, -Y]
GROUPS = {
    "turn": slice(0, 1), "root's step": slice(1, 3), "height": slice(3, 4), "places": slice(4, 67),
    "rotations": slice(67, 193), "steps": slice(193, 259), "contacts": slice(259, 263),
}


def about_y(angle):
    c, s = np.cos(angle), np.sin(angle)
    return np.stack([np.stack([c, 0 * c, s], -1), np.stack([0 * c, 1 + 0 * c, 0 * c], -1), np.stack([-s, 0 * c, c], -1)], -2)


def heading(direction):
    """The angle about Y that turns a direction to +Z."""
    return -np.arctan2(direction[..., 0], direction[..., 2])


def shortest(u, v):
    """The rotation matrix of least angle from u to each unit vector of v."""
    w = np.cross(np.broadcast_to(u, v.shape), v)
    k = np.zeros(v.shape[:-1] + (3, 3))
    k[..., 0, 1], k[..., 0, 2], k[..., 1, 2] = -w[..., 2], w[..., 1], -w[..., 0]
    k -= np.swapaxes(k, -1, -2)
    return np.eye(3) + k + k @ k / (1 + v @ u)[..., None, None]


def smooth(values, deviation=20, cut=4):
    reach = int(cut * deviation + 0.5)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / deviation) ** 2)
    padded = np.pad(values, ((reach, reach), (0, 0)), mode="edge")
    return np.stack([np.convolve(column, weights / weights.sum(), "valid") for column in padded.T], -1)


def across(p):
    """Right minus left of the hips, and of the shoulders."""
    return p[..., 2, :] - p[..., 1, :], p[..., 17, :] - p[..., 16, :]


def features(p):
    p = p - np.array([p[0, 0, 0], p[..., 1].min(), p[0, 0, 2]])
    hips, shoulders = across(p[0])
    p = p @ about_y(heading(np.cross(Y, hips + shoulders))).T
    # The published code exchanges left and right of the hips here, and only here.
    hips, shoulders = across(p)
    sideways = shoulders - hips
    sideways /= np.linalg.norm(sideways, axis=-1, keepdims=True)
    angle = heading(smooth(np.cross(Y, sideways)))
    angle[0] = 0
    turn = about_y(angle)

    flat = p - p[:, :1] * (X + Z)
    places = np.einsum("tij,tkj->tki", turn, flat)
    rotations = np.zeros(p.shape + (2,))
    for chain in CHAINS:
        parent = turn
        for above, joint in zip(chain, chain[1:]):
            bone = p[:, joint] - p[:, above]
            world = shortest(REST[joint], bone / np.linalg.norm(bone, axis=-1, keepdims=True))
            rotations[:, joint] = (np.swapaxes(parent, -1, -2) @ world)[..., :2]
            parent = world
    step = p[1:] - p[:-1]
    root = np.einsum("tij,tj->ti", turn[1:], step[:, 0])
    steps = np.einsum("tij,tkj->tki", turn[:-1], step)
    still = (step ** 2).sum(-1)[:, [7, 10, 8, 11]] < 0.002
    count = len(p) - 1
    return np.concatenate([
        np.arcsin(np.sin((angle[1:] - angle[:-1]) / 2))[:, None], root[:, [0, 2]], p[:-1, 0, 1:2],
        places[:-1, 1:].reshape(count, -1), np.moveaxis(rotations[:-1, 1:], -1, -2).reshape(count, -1),
        steps.reshape(count, -1), still,
    ], axis=1)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    archive = np.load(sys.argv[1])
    if archive["positions"].shape[1] != 22 or abs(float(archive["frame_time"]) - 0.05) > 1e-6:
        sys.exit(f"{sys.argv[1]}: not the canonical body at 20 frames a second; convert with --skeleton canonical --fps 20")
    positions = archive["positions"] * float(archive["metres_per_unit"])
    if str(archive["up"]) == "z":
        positions = positions[..., [0, 2, 1]] * [1, 1, -1]
    ours, theirs = np.load(sys.argv[2]).astype(float), features(positions)
    if ours.shape != theirs.shape:
        sys.exit(f"{sys.argv[2]}: shape {ours.shape}, not {theirs.shape}")
    worst = 0.0
    for name, columns in GROUPS.items():
        difference = abs(ours[:, columns] - theirs[:, columns]).max()
        worst = max(worst, difference)
        print(f"{name}: {difference:.2e}")
    if not worst <= TOLERANCE:
        sys.exit(f"the numbers differ by {worst:.2e}")


main()
