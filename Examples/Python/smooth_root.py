#!/usr/bin/env python3
"""A corrector in another language: smooths the path of the root.

    surefoot correct walk.bvh -o corrected --corrector external \\
        --program "python3 Examples/Python/smooth_root.py {input} {output} {report}"

Reads a BVH file (metres, Y up), writes one with the same hierarchy, frames and rate, and a report in JSON. What it
prints on standard error is shown if it fails. Needs nothing but Python.
"""

import json
import sys

RADIUS = 2  # frames on either side


def split(text):
    """The file's head as it is, up to the frames, and the frames as lists of words."""
    lines = text.splitlines()
    start = next(i for i, line in enumerate(lines) if line.strip().lower().startswith("frame time"))
    rows = [line.split() for line in lines[start + 1:] if line.strip()]
    return lines[:start + 1], rows


def root_columns(head):
    """The columns of the root's position: the first CHANNELS line is the root's, and starts at column 0."""
    channels = next(line.split() for line in head if line.split()[:1] == ["CHANNELS"])
    return [i for i, name in enumerate(channels[2:]) if name.lower().endswith("position")]


def smoothed(values):
    result = []
    for i in range(len(values)):
        near = values[max(0, i - RADIUS):i + RADIUS + 1]
        result.append(sum(near) / len(near))
    return result


def main(source, target, report=None):
    with open(source) as file:
        head, rows = split(file.read())
    columns = root_columns(head)
    if not columns:
        sys.exit("the root has no position channels")
    largest = 0.0
    for column in columns:
        before = [float(row[column]) for row in rows]
        for row, old, new in zip(rows, before, smoothed(before)):
            row[column] = f"{new:.6f}"
            largest = max(largest, abs(new - old))
    with open(target, "w") as file:
        file.write("\n".join(head + [" ".join(row) for row in rows]) + "\n")
    if report:
        with open(report, "w") as file:
            json.dump({"notes": [f"The root's path was smoothed by at most {1000 * largest:.1f} mm."]}, file)


if __name__ == "__main__":
    if not 3 <= len(sys.argv) <= 4:
        sys.exit("usage: smooth_root.py INPUT OUTPUT [REPORT]")
    main(*sys.argv[1:])
