"""An armature's motion as a BVH file in metres, Z up, in the world; and such a file's motion as keys of the armature.

A bone's rotation in the file is how it is turned against its rest in the world: the rest pose has zeros only, whatever the
bones' own axes, the armature's place, turn and scale are.
"""

import math
import re

from mathutils import Matrix, Quaternion, Vector

from . import actions


class CaptureError(Exception):
    """What keeps an armature from being written, with what to do about it."""


class Capture:
    """The bones that are written, and their matrices in every frame."""

    def __init__(self, context, rig):
        self.rig = rig
        self.scene = context.scene
        self.metres = self.scene.unit_settings.scale_length or 1.0
        scale = rig.matrix_world.to_scale()
        if max(scale) - min(scale) > 1e-4 * max(abs(one) for one in scale) or min(scale) <= 0:
            raise CaptureError(f"{rig.name} is scaled by {scale.x:.3g}, {scale.y:.3g}, {scale.z:.3g}: apply the scale (Ctrl+A) first")
        self.action, _ = actions.current(rig)
        if not self.action:
            raise CaptureError(f"{rig.name} has no action: choose one in the action editor")
        start, end = self.action.frame_range
        self.frames = list(range(math.ceil(start - 1e-3), math.floor(end + 1e-3) + 1))
        if len(self.frames) < 3:
            raise CaptureError(f"{self.action.name} has {len(self.frames)} frames: at least 3 make a motion")
        self.rate = self.scene.render.fps / self.scene.render.fps_base
        self.bones = self._bones()
        self._sample(context)

    def _bones(self):
        """Hips first, then all bones below that deform, and what stands between."""
        bones = self.rig.data.bones
        wanted = set()
        for bone in [one for one in bones if one.use_deform] or list(bones):
            wanted.update([bone.name, *(one.name for one in bone.parent_recursive)])
        inside = lambda bone: [child for child in bone.children if child.name in wanted]
        named = [b for b in bones if b.name in wanted and re.search(r"hips|pelvis", b.name, re.I) and len(inside(b)) >= 2]
        roots = named or [b for b in bones if b.name in wanted and not b.parent]
        if not roots:
            raise CaptureError(f"{self.rig.name} has no bones")
        size = lambda bone: 1 + sum(size(child) for child in inside(bone))
        root = max(roots, key=size)
        while not named and len(inside(root)) == 1 and inside(inside(root)[0]):
            root = inside(root)[0]
        found = []

        def add(bone):
            found.append(bone)
            for child in inside(bone):
                add(child)

        add(root)
        return found

    def _sample(self, context):
        rig, scene = self.rig, self.scene
        before, position = scene.frame_current_final, rig.data.pose_position
        rig.data.pose_position = "POSE"
        above = self.bones[0].parent
        self.worlds, self.parents, self.poses = [], [], []
        for frame in self.frames:
            scene.frame_set(frame)
            self.worlds.append(rig.matrix_world.copy())
            self.parents.append(rig.pose.bones[above.name].matrix.copy() if above else None)
            self.poses.append([rig.pose.bones[bone.name].matrix.copy() for bone in self.bones])
        rig.data.pose_position = position
        scene.frame_set(math.floor(before), subframe=before % 1)
        self.number = {bone.name: i for i, bone in enumerate(self.bones)}
        self.up = [self.number[b.parent.name] if i else None for i, b in enumerate(self.bones)]
        # How each bone is turned against its rest, in the world; the rest is the armature's own, turned with its object.
        self.turns = []
        for world, row in zip(self.worlds, self.poses):
            turn = world.to_quaternion()
            self.turns.append([
                turn @ pose.to_quaternion() @ bone.matrix_local.to_quaternion().inverted() @ self._base.inverted()
                for pose, bone in zip(row, self.bones)
            ])
        heads = [[(world @ pose.translation) * self.metres for pose in row] for world, row in zip(self.worlds, self.poses)]
        self.heads = heads
        self.offsets, self.loose = [], []
        for i, above in enumerate(self.up):
            if above is None:
                self.offsets.append(Vector((0, 0, 0)))
                continue
            local = [turn[above].inverted() @ (head[i] - head[above]) for turn, head in zip(self.turns, heads)]
            mean = sum(local, Vector((0, 0, 0))) / len(local)
            self.offsets.append(mean)
            if max((one - mean).length for one in local) > 1e-3:
                self.loose.append(self.bones[i].name)

    @property
    def _base(self):
        """The object's turn in the first frame, which the file's rest pose has too."""
        return self.worlds[0].to_quaternion()

    @property
    def warnings(self):
        """What the file cannot hold, in sentences."""
        found = []
        if self.loose:
            found.append(f"{len(self.loose)} bones move against their parents ({', '.join(self.loose[:3])}): they keep their mean place")
        bound = [b.name for b in self.bones if any(not c.mute and c.influence > 0 for c in self.rig.pose.bones[b.name].constraints)]
        if bound:
            found.append(f"{len(bound)} bones have constraints ({', '.join(bound[:3])}): the new action is keyed as they are seen, with the constraints off")
        self.bound = bound
        return found

    def text(self):
        """The BVH file."""
        lines, used = ["HIERARCHY"], {}
        self.names = []
        for bone in self.bones:
            name = re.sub(r"\s+", "_", bone.name.strip()) or "bone"
            used[name] = used.get(name, 0) + 1
            self.names.append(name if used[name] == 1 else f"{name}.{used[name]}")
        scale = self.worlds[0].to_scale().x * self.metres

        def add(i, depth):
            pad = "\t" * depth
            bone = self.bones[i]
            lines.append(f"{pad}{'ROOT' if i == 0 else 'JOINT'} {self.names[i]}")
            lines.append(pad + "{")
            lines.append(f"{pad}\tOFFSET " + " ".join(f"{one:.7f}" for one in self.offsets[i]))
            place = "Xposition Yposition Zposition " if i == 0 else ""
            lines.append(f"{pad}\tCHANNELS {6 if i == 0 else 3} {place}Zrotation Xrotation Yrotation")
            below = [k for k, above in enumerate(self.up) if above == i]
            for k in below:
                add(k, depth + 1)
            if not below:
                tip = self._base @ (bone.tail_local - bone.head_local) * scale
                lines.append(f"{pad}\tEnd Site")
                lines.append(pad + "\t{")
                lines.append(f"{pad}\t\tOFFSET " + " ".join(f"{one:.7f}" for one in tip))
                lines.append(pad + "\t}")
            lines.append(pad + "}")

        add(0, 0)
        lines += ["MOTION", f"Frames: {len(self.frames)}", f"Frame Time: {1 / self.rate:.9g}"]
        # Children are written below their parents: this is the order of the bones too.
        for turns, heads in zip(self.turns, self.heads):
            row = [f"{one:.7f}" for one in heads[0]]
            for i, above in enumerate(self.up):
                local = turns[i] if above is None else turns[above].inverted() @ turns[i]
                # Z, then X, then Y about the turned axes: Blender names the order from the other end.
                angles = local.to_euler("YXZ")
                row += [f"{math.degrees(one):.7f}" for one in (angles.z, angles.x, angles.y)]
            lines.append(" ".join(row))
        return "\n".join(lines) + "\n"

    def apply(self, text, name):
        """A new action beside the old one with the motion of a BVH file that has the same joints and frames."""
        file = BVHFile(text)
        if len(file.rows) != len(self.frames):
            raise CaptureError(f"the corrected file has {len(file.rows)} frames, not {len(self.frames)}")
        if sorted(file.names) != sorted(self.names):
            raise CaptureError("the corrected file has other joints")
        order = [file.names.index(one) for one in self.names]
        action, slot = actions.copy(self.rig, name)
        locations, turns = [[] for _ in self.bones], [[] for _ in self.bones]
        for k, row in enumerate(file.rows):
            world = self.worlds[k]
            inverse, turn = world.inverted(), world.to_quaternion()
            placed = file.pose(row)
            poses = []
            for i, bone in enumerate(self.bones):
                head, rotation = placed[order[i]]
                local = turn.inverted() @ rotation @ self._base @ bone.matrix_local.to_quaternion()
                pose = Matrix.LocRotScale(inverse @ (head / self.metres), local, None)
                poses.append(pose)
                if bone.parent:
                    above = poses[self.up[i]] if self.up[i] is not None else self.parents[k]
                    basis = bone.convert_local_to_pose(
                        pose, bone.matrix_local, parent_matrix=above, parent_matrix_local=bone.parent.matrix_local, invert=True)
                else:
                    basis = bone.convert_local_to_pose(pose, bone.matrix_local, invert=True)
                locations[i].append(basis.to_translation())
                turns[i].append(basis.to_quaternion())
        found = actions.curves(action, slot)
        # What is less than a hundredth of a millimetre is rounding: a bone that was never moved gets no key of its place.
        least = 1e-5 / (self.worlds[0].to_scale().x * self.metres)
        for i, bone in enumerate(self.bones):
            posed = self.rig.pose.bones[bone.name]
            path = f'pose.bones["{bone.name.translate(str.maketrans({chr(92): chr(92) * 2, chr(34): chr(92) + chr(34)}))}"]'
            self._write_turns(found, path, bone.name, posed.rotation_mode, turns[i])
            if not bone.use_connect and (i == 0 or max(one.length for one in locations[i]) > least or found.find(path + ".location")):
                actions.write(found, path + ".location", bone.name, self.frames, [tuple(one) for one in locations[i]])
        actions.assign(self.rig, action, slot)
        return action

    def _write_turns(self, found, path, group, mode, turns):
        if mode == "QUATERNION":
            rows, last = [], Quaternion()
            for turn in turns:
                turn = turn.copy()
                turn.make_compatible(last)
                rows.append(tuple(turn))
                last = turn
            return actions.write(found, path + ".rotation_quaternion", group, self.frames, rows)
        if mode == "AXIS_ANGLE":
            rows = []
            for turn in turns:
                axis, angle = turn.to_axis_angle()
                rows.append((angle, *axis))
            return actions.write(found, path + ".rotation_axis_angle", group, self.frames, rows)
        rows, last = [], None
        for turn in turns:
            euler = turn.to_euler(mode, last) if last else turn.to_euler(mode)
            rows.append(tuple(euler))
            last = euler
        return actions.write(found, path + ".rotation_euler", group, self.frames, rows)


class BVHFile:
    """A BVH file as surefoot writes it."""

    def __init__(self, text):
        head, _, motion = text.partition("MOTION")
        self.names, self.offsets, self.up, self.channels = [], [], [], []
        stack, current, is_tip = [], None, False
        words = iter(head.split())
        for word in words:
            if word in ("ROOT", "JOINT"):
                self.names.append(next(words))
                current, is_tip = len(self.names) - 1, False
                self.up.append(stack[-1] if stack else None)
                self.offsets.append(Vector((0, 0, 0)))
                self.channels.append([])
            elif word == "End":
                next(words)
                is_tip = True
            elif word == "{":
                stack.append(None if is_tip else current)
            elif word == "}":
                stack.pop()
                is_tip = False
            elif word == "OFFSET":
                offset = Vector([float(next(words)) for _ in range(3)])
                if not is_tip:
                    self.offsets[current] = offset
            elif word == "CHANNELS":
                self.channels[current] = [next(words) for _ in range(int(next(words)))]
        lines = [line for line in motion.splitlines() if line.strip()]
        self.rows = [[float(word) for word in line.split()] for line in lines[2:]]

    def pose(self, row):
        """Each joint's head and how it is turned, in the world."""
        found, values = [], iter(row)
        axes = {"X": Vector((1, 0, 0)), "Y": Vector((0, 1, 0)), "Z": Vector((0, 0, 1))}
        for offset, above, channels in zip(self.offsets, self.up, self.channels):
            place, turn = offset.copy(), Quaternion()
            for channel in channels:
                value = next(values)
                if channel.endswith("position"):
                    place["XYZ".index(channel[0])] = value
                else:
                    turn = turn @ Quaternion(axes[channel[0]], math.radians(value))
            if above is not None:
                head, base = found[above]
                place, turn = head + base @ place, base @ turn
            found.append((place, turn))
        return found
