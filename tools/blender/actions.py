"""Actions in every Blender from 4.2 on: until 4.3 an action has curves, from 4.4 on a slot has them."""

import bpy


def current(rig):
    """The armature's action and its slot (None before 4.4); the action is None where there is none."""
    data = rig.animation_data
    if not data or not data.action:
        return None, None
    return data.action, getattr(data, "action_slot", None)


def copy(rig, name):
    """A copy of the armature's action under another name, and the slot that the armature uses in it."""
    action, slot = current(rig)
    new = action.copy()
    new.name = name
    new.use_fake_user = True
    if slot is None:
        return new, None
    return new, next(one for one in new.slots if one.identifier == slot.identifier)


def assign(rig, action, slot):
    rig.animation_data.action = action
    if slot is not None:
        rig.animation_data.action_slot = slot


def curves(action, slot):
    """The collection of curves of a slot."""
    if slot is None:
        return action.fcurves
    try:
        from bpy_extras.anim_utils import action_ensure_channelbag_for_slot as ensure
    except ImportError:
        ensure = None
    if ensure:
        return ensure(action, slot).fcurves
    for layer in action.layers:
        for strip in layer.strips:
            bag = strip.channelbag(slot, ensure=True)
            if bag:
                return bag.fcurves
    return action.fcurves


def write(found, path, group, frames, rows):
    """Replaces a property's curves by one key a frame; `rows` has the property's values of each frame."""
    for index in range(len(rows[0])):
        curve = found.find(path, index=index)
        if curve:
            found.remove(curve)
        try:
            curve = found.new(path, index=index, group_name=group)
        except TypeError:
            curve = found.new(path, index=index, action_group=group)
        points = curve.keyframe_points
        points.add(len(frames))
        points.foreach_set("co", [value for frame, row in zip(frames, rows) for value in (frame, row[index])])
        linear = bpy.types.Keyframe.bl_rna.properties["interpolation"].enum_items["LINEAR"].value
        points.foreach_set("interpolation", [linear] * len(frames))
        curve.update()
