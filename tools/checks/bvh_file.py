"""Reads BVH files and finds every joint's world position, with numpy alone. Imported by the other checks."""
import numpy as np

UNITS = {"m": 1.0, "cm": 0.01, "mm": 0.001, "inch": 0.0254, "cmu": 0.0254 / 0.45}


class File:
    """Hierarchy and channel values of a BVH file."""

    def __init__(self, path):
        with open(path, encoding="utf-8-sig", errors="replace") as f:
            head, _, tail = f.read().partition("MOTION")
        self.names, self.parents, self.offsets, self.channels, self.tips = [], [], [], [], []
        words, stack, i = head.split(), [], 0
        pending = None
        while i < len(words):
            word = words[i]
            if word in ("ROOT", "JOINT"):
                # A name may have spaces: it lasts until the brace.
                j = i + 1
                while words[j] != "{":
                    j += 1
                self.names.append(" ".join(words[i + 1:j]))
                self.parents.append(stack[-1] if stack else -1)
                self.offsets.append(np.zeros(3))
                self.channels.append([])
                pending, i = len(self.names) - 1, j
                continue
            if word == "End":
                while words[i] != "{":
                    i += 1
                pending = -1 - stack[-1]
                continue
            if word == "{":
                stack.append(pending)
            elif word == "}":
                stack.pop()
            elif word == "OFFSET":
                value = np.array([float(x) for x in words[i + 1:i + 4]])
                if stack[-1] < 0:
                    self.tips.append((-1 - stack[-1], value))
                else:
                    self.offsets[stack[-1]] = value
                i += 3
            elif word == "CHANNELS":
                count = int(words[i + 1])
                self.channels[stack[-1]] = words[i + 2:i + 2 + count]
                i += 1 + count
            i += 1
        lines = tail.split("\n")
        start = next(k for k, line in enumerate(lines) if line.strip().startswith("Frame Time"))
        self.frame_time = float(lines[start].split(":")[1])
        width = sum(len(c) for c in self.channels)
        self.values = np.array(" ".join(lines[start + 1:]).split(), dtype=float).reshape(-1, width)

    def points(self):
        """All joints, then all End Sites: frames x points x 3, in the file's unit, and a name for each."""
        frames = len(self.values)
        places, turns, column = [], [], 0
        for joint, names in enumerate(self.channels):
            move, turn = np.zeros((frames, 3)), np.broadcast_to(np.eye(3), (frames, 3, 3))
            moved = False
            for name in names:
                value = self.values[:, column]
                column += 1
                axis = "xyz".index(name[0].lower())
                if name.lower().endswith("position"):
                    move[:, axis], moved = value, True
                else:
                    turn = turn @ rotation(axis, np.radians(value))
            parent = self.parents[joint]
            # A joint that has positions has them in place of its offset.
            local = move if moved else np.broadcast_to(self.offsets[joint], (frames, 3))
            if parent < 0:
                places.append(local.copy())
                turns.append(turn)
            else:
                places.append(places[parent] + np.einsum("fij,fj->fi", turns[parent], local))
                turns.append(turns[parent] @ turn)
        names = list(self.names)
        for joint, tip in self.tips:
            places.append(places[joint] + turns[joint] @ tip)
            names.append(self.names[joint] + "'s End Site")
        return np.stack(places, axis=1), names


def rotation(axis, angle):
    c, s = np.cos(angle), np.sin(angle)
    turn = np.zeros((len(angle), 3, 3))
    a, b = (axis + 1) % 3, (axis + 2) % 3
    turn[:, axis, axis] = 1
    turn[:, a, a] = turn[:, b, b] = c
    turn[:, a, b], turn[:, b, a] = -s, s
    return turn


def unit_of(points, up):
    """The unit in which the figure is nearest to 1.6 m tall."""
    height = np.quantile(np.ptp(points[:, :, up], axis=1), 0.9)
    return min(UNITS.values(), key=lambda unit: abs(np.log(max(height, 1e-9) * unit / 1.6)))
