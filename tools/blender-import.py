"""Reads FBX, USD or Collada through Blender without a window, and hands the motion to surefoot.

    pip install bpy
    python3 tools/blender-import.py walk.fbx walk.bvh                     any format that surefoot writes
    python3 tools/blender-import.py walk.fbx corrected.bvh --correct      options after it are those of `surefoot correct`

Prints each step that it runs. In between is a GLB file, which surefoot reads with the skeleton's rest pose, metres and time.
SUREFOOT names the program; the one on the PATH without.
"""

import os
import subprocess
import sys
import tempfile

import bpy

importers = {
    "fbx": lambda path: bpy.ops.import_scene.fbx(filepath=path, use_anim=True),
    "usd": lambda path: bpy.ops.wm.usd_import(filepath=path), "usda": lambda path: bpy.ops.wm.usd_import(filepath=path),
    "usdc": lambda path: bpy.ops.wm.usd_import(filepath=path),
    "dae": lambda path: bpy.ops.wm.collada_import(filepath=path),
}


def main(source, target, options):
    kind = source.rsplit(".", 1)[-1].lower()
    if kind not in importers:
        sys.exit(f"blender-import: give a file that ends in {', '.join('.' + one for one in importers)}")
    if not os.path.exists(source):
        sys.exit(f"blender-import: {source} is not there")
    bpy.ops.wm.read_factory_settings(use_empty=True)
    print(f"Blender {bpy.app.version_string}: import {source}", flush=True)
    try:
        importers[kind](os.path.abspath(source))
    except (RuntimeError, AttributeError) as error:
        sys.exit(f"blender-import: Blender cannot read {source}: {str(error).strip()}")
    rigs = [thing for thing in bpy.context.scene.objects if thing.type == "ARMATURE" and thing.animation_data and thing.animation_data.action]
    if not rigs:
        sys.exit(f"blender-import: {source} has no armature that moves")
    rig = max(rigs, key=lambda thing: len(thing.data.bones))
    if len(rigs) > 1:
        print(f"blender-import: of {len(rigs)} armatures {rig.name} is taken, which has the most bones", file=sys.stderr)
    action = rig.animation_data.action
    start, end = action.frame_range
    # Keys stand at whole frames but for rounding, by which the exporter would lose the last one.
    action.use_frame_range, action.frame_start, action.frame_end = True, round(start), round(end)
    scene = bpy.context.scene
    scene.frame_start, scene.frame_end = round(start), round(end)
    for thing in scene.objects:
        thing.select_set(thing == rig)
    bpy.context.view_layer.objects.active = rig
    with tempfile.TemporaryDirectory(prefix="surefoot-blender-") as folder:
        between = os.path.join(folder, os.path.basename(target).rsplit(".", 1)[0] + ".glb")
        print(f"Blender: export {rig.name}, frames {scene.frame_start} to {scene.frame_end}, as GLB", flush=True)
        bpy.ops.export_scene.gltf(
            filepath=between, export_format="GLB", use_selection=True, export_animation_mode="ACTIVE_ACTIONS",
            export_force_sampling=True, export_optimize_animation_size=False)
        verb = "correct" if "--correct" in options else "convert"
        words = [os.environ.get("SUREFOOT", "surefoot"), verb, between, "-o", target, *(one for one in options if one != "--correct")]
        print("$ " + " ".join(words), flush=True)
        try:
            sys.exit(subprocess.run(words).returncode)
        except FileNotFoundError:
            sys.exit(f"blender-import: {words[0]} is not on the PATH: install surefoot, or set SUREFOOT to the program")


if len(sys.argv) < 3 or sys.argv[1].startswith("-"):
    sys.exit("usage: python3 tools/blender-import.py IN.fbx OUT.bvh [--correct] [OPTION ...]")
main(sys.argv[1], sys.argv[2], sys.argv[3:])
