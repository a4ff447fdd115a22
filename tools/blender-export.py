"""Turns a motion that Surefoot wrote into FBX, USD or Blender's own GLB, by Blender without a window.

    pip install bpy
    surefoot convert walk.bvh -o walk.glb
    python3 tools/blender-export.py walk.glb walk.fbx          or walk.usdc, walk.usda

GLB is the way in: it carries the skeleton's rest pose, metres and the clip's own time, all of which BVH leaves to the
importer. The frame rate is the clip's if it is whole, else the next whole one, at which Blender samples it.
"""

import math
import struct
import sys

import bpy


def frame_rate(path):
    """Frames a second of a GLB file that Surefoot wrote: keys are evenly spaced, the time's accessor names its range."""
    import json

    with open(path, "rb") as file:
        header = file.read(20)
        scene = json.loads(file.read(struct.unpack_from("<I", header, 12)[0]))
    times = scene["accessors"][scene["animations"][0]["samplers"][0]["input"]]
    duration = times["max"][0] - times["min"][0]
    return (times["count"] - 1) / duration if duration > 0 else 30


def main(source, target):
    if not source.lower().endswith(".glb"):
        sys.exit("blender-export: give a .glb file: surefoot convert NAME -o NAME.glb")
    kind = target.rsplit(".", 1)[-1].lower()
    if kind not in ("fbx", "usdc", "usda", "usd", "glb"):
        sys.exit("blender-export: the output ends in .fbx, .usdc, .usda, .usd or .glb")
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    rate = frame_rate(source)
    scene.render.fps = math.ceil(rate - 1e-2)
    scene.render.fps_base = scene.render.fps / rate if abs(scene.render.fps - rate) < 1e-2 else 1.0
    bpy.ops.import_scene.gltf(filepath=source)
    rig = next(thing for thing in scene.objects if thing.type == "ARMATURE")
    # The importer draws bones as a mesh of its own, which is no part of the motion.
    for shape in {bone.custom_shape for bone in rig.pose.bones if bone.custom_shape}:
        bpy.data.objects.remove(shape)
    start, end = rig.animation_data.action.frame_range
    scene.frame_start, scene.frame_end = round(start), round(end)
    if kind == "fbx":
        # Every frame keyed as it is, without the exporter's simplification, and without bones of its own at the tips.
        bpy.ops.export_scene.fbx(
            filepath=target, object_types={"ARMATURE", "MESH"}, add_leaf_bones=False, bake_anim_simplify_factor=0.0,
            bake_anim_use_all_actions=False, bake_anim_use_nla_strips=False)
    elif kind == "glb":
        bpy.ops.export_scene.gltf(filepath=target, export_format="GLB")
    else:
        bpy.ops.wm.usd_export(filepath=target, export_animation=True, export_armatures=True, selected_objects_only=False)


if len(sys.argv) != 3:
    sys.exit("usage: python3 tools/blender-export.py IN.glb OUT.fbx|OUT.usdc|OUT.usda|OUT.glb")
main(sys.argv[1], sys.argv[2])
