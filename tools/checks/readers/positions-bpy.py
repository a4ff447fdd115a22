"""Imports a BVH, GLB, FBX or USD file in Blender and prints every joint's world position in the asked frames as JSON:
{"names": [...], "frames": [[[x, y, z], ...], ...]}, Y up, in the file's units (metres for GLB, FBX and USD).

    python3 positions-bpy.py FILE FRAME...

Needs the Python module bpy (pip install bpy). Every importer runs with the settings that its dialogue opens with.
"""

import json
import sys

import bpy

path, asked = sys.argv[1], [int(frame) for frame in sys.argv[2:]]
kind = path.rsplit(".", 1)[1].lower()
bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene
if kind == "bvh":
    bpy.ops.import_anim.bvh(filepath=path)
else:
    # A player's clock: the files say seconds, Blender counts frames.
    scene.render.fps, scene.render.fps_base = 1000, 1.0
    importer = {
        "glb": lambda: bpy.ops.import_scene.gltf(filepath=path),
        "fbx": lambda: bpy.ops.import_scene.fbx(filepath=path),
        "usdc": lambda: bpy.ops.wm.usd_import(filepath=path),
        "usda": lambda: bpy.ops.wm.usd_import(filepath=path),
    }
    importer[kind]()

rig = next(thing for thing in scene.objects if thing.type == "ARMATURE")
names = [bone.name for bone in rig.pose.bones]


def keyed_frames():
    """The times of all keys, in Blender's frames."""
    times = set()
    action = rig.animation_data and rig.animation_data.action
    if action:
        curves = [c for layer in action.layers for strip in layer.strips for bag in strip.channelbags for c in bag.fcurves]
        times = {round(key.co[0], 3) for curve in curves for key in curve.keyframe_points}
    return sorted(times)


times = keyed_frames()
if not times:
    times = list(range(scene.frame_start, scene.frame_end + 1))
frames = []
for frame in asked:
    time = times[frame]
    scene.frame_set(int(time // 1), subframe=time % 1)
    found = []
    for bone in rig.pose.bones:
        # Blender is Z up.
        place = (rig.matrix_world @ bone.matrix).translation
        found.append([place.x, place.z, -place.y])
    frames.append(found)
print(json.dumps({"names": names, "frames": frames, "keys": len(times)}))
