#!/usr/bin/env python3
"""Makes many small BVH files of a figure that bends its knees and sways, each a little different.

    tools/checks/tiny-clips.py FOLDER COUNT [FRAMES]

1000 files a subfolder. The numbers depend on the file's index alone.
"""
import math
import os
import sys

JOINTS = """HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
%s%s  JOINT Spine
  {
    OFFSET 0 12 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    JOINT Chest
    {
      OFFSET 0 18 0
      CHANNELS 3 Zrotation Xrotation Yrotation
%s%s      JOINT Neck
      {
        OFFSET 0 22 0
        CHANNELS 3 Zrotation Xrotation Yrotation
        JOINT Head
        {
          OFFSET 0 9 0
          CHANNELS 3 Zrotation Xrotation Yrotation
          End Site
          {
            OFFSET 0 18 0
          }
        }
      }
    }
  }
}
"""


def chain(indent, names, offsets):
    if not names:
        x, y, z = offsets[0]
        return f"{indent}End Site\n{indent}{{\n{indent}  OFFSET {x} {y} {z}\n{indent}}}\n"
    x, y, z = offsets[0]
    return (
        f"{indent}JOINT {names[0]}\n{indent}{{\n{indent}  OFFSET {x} {y} {z}\n"
        f"{indent}  CHANNELS 3 Zrotation Xrotation Yrotation\n"
        + chain(indent + "  ", names[1:], offsets[1:])
        + f"{indent}}}\n"
    )


def hierarchy():
    sides = (("Left", 1), ("Right", -1))
    legs = [
        chain("  ", [s + "UpLeg", s + "Leg", s + "Foot", s + "ToeBase"], [(9 * d, -4, 0), (0, -42, 0), (0, -40, 0), (0, -5, 14), (0, 0, 6)])
        for s, d in sides
    ]
    arms = [
        chain("      ", [s + "Arm", s + "ForeArm", s + "Hand"], [(18 * d, 18, 0), (28 * d, 0, 0), (25 * d, 0, 0), (16 * d, 0, 0)])
        for s, d in sides
    ]
    return JOINTS % (legs[0], legs[1], arms[0], arms[1])


HEAD = hierarchy()
ORDER = [line.split()[1] for line in HEAD.splitlines() if line.split()[0] in ("ROOT", "JOINT")]


def clip(index, frames):
    lines = [HEAD, f"MOTION\nFrames: {frames}\nFrame Time: 0.0333333\n"]
    depth, rate, sway = 12 + index % 17, 0.6 + 0.01 * (index % 31), 1 + 0.1 * (index % 11)
    for frame in range(frames):
        t = frame / 30
        bend = depth * (1 - math.cos(2 * math.pi * rate * t)) / 2
        angle = math.radians(bend)
        # Hips sink with the knees: thigh and shank turn by the same angle, against each other.
        height = 9 + 42 * math.cos(angle) + 40 * math.cos(angle)
        row = [0.2 * math.sin(t * sway), height, 42 * -math.sin(angle) + 40 * math.sin(angle), 0, 0, 0]
        for name in ORDER[1:]:
            turn = {"UpLeg": -bend, "Leg": 2 * bend, "Foot": -bend}
            x = next((v for k, v in turn.items() if name in ("Left" + k, "Right" + k)), 0)
            z = {"LeftArm": -70, "RightArm": 70}.get(name, sway * math.sin(t) if name == "Spine" else 0)
            row += [z, x, 0]
        lines.append(" ".join(f"{v:.4f}" for v in row) + "\n")
    return "".join(lines)


def main():
    folder, count = sys.argv[1], int(sys.argv[2])
    frames = int(sys.argv[3]) if len(sys.argv) > 3 else 20
    texts = {}
    for index in range(count):
        if index % 1000 == 0:
            place = os.path.join(folder, f"{index // 1000:04d}")
            os.makedirs(place, exist_ok=True)
        key = index % (17 * 31 * 11)
        if key not in texts:
            texts[key] = clip(key, frames)
        with open(os.path.join(place, f"{index % 1000:03d}.bvh"), "w") as file:
            file.write(texts[key])


main()
