"""The button, its settings, and what it does: export, correct, bring back as a new action."""

import re

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, StringProperty

from . import actions, job
from .capture import Capture, CaptureError


class Options:
    """The options of `surefoot correct`."""

    corrector: EnumProperty(
        name="Corrector", description="How the motion is corrected",
        items=[
            ("predictive", "Predictive", "Plans joint torques through the simulation"),
            ("tracking", "Tracking", "A rigid-body simulation that follows the motion"),
            ("kinematic", "Kinematic", "Noise, floor height and standing feet, by geometry alone: fast"),
        ], default="predictive")
    fallback: StringProperty(
        name="Fallback", description="The correctors to try where the first rejects the motion, with commas between")
    strength: FloatProperty(
        name="Strength", description="How far to go from the motion to its correction", default=1, min=0, max=1)
    feet: EnumProperty(
        name="Feet", description="What feet do in the whole motion",
        items=[
            ("auto", "Auto", "Contacts are detected"), ("planted", "Planted", "Both feet stand"),
            ("ground", "Ground", "On the floor, sliding"), ("free", "Free", "Where the motion takes them"),
        ], default="auto")
    contacts: StringProperty(
        name="Contacts", subtype="FILE_PATH", description="A table of contacts to obey, as `surefoot contacts` writes it")
    seed: IntProperty(name="Seed", description="The seed of everything random", default=1, min=0)
    program: StringProperty(
        name="Program", description="A corrector of your own: a program with {input} and {output}, in place of those above")
    mute: BoolProperty(
        name="Mute Constraints", default=True,
        description="Turn off the constraints of the bones that get keys: the keys hold what the constraints did")


class SurefootSettings(Options, bpy.types.PropertyGroup):
    pass


class SurefootPreferences(bpy.types.AddonPreferences):
    bl_idname = __package__

    surefoot: StringProperty(name="Surefoot", subtype="FILE_PATH", description="The surefoot program; the one on the PATH if empty")

    def draw(self, context):
        self.layout.prop(self, "surefoot")


def preferred(context):
    addon = context.preferences.addons.get(__package__)
    return addon.preferences.surefoot if addon and addon.preferences else ""


def stretches(text):
    """The times that a sentence of the program names: pairs of seconds."""
    found = re.findall(r"(\d+(?:\.\d+)?) (?:s )?to (\d+(?:\.\d+)?) s\b", text)
    return [(float(a), float(b)) for a, b in found if float(a) <= float(b)]


def mark(action, name, frame):
    marker = action.pose_markers.new(name[:63])
    marker.frame = round(frame)


def mark_action(action, capture, report):
    """Contacts, and the stretches that are followed loosely, as markers of the new action."""
    for marker in list(action.pose_markers):
        if re.match(r"([LR] foot (on|off)|loose|rejected)", marker.name):
            action.pose_markers.remove(marker)
    contacts = report.get("contacts") or []
    for side, name in (("left", "L foot"), ("right", "R foot")):
        before = False
        for frame, row in zip(capture.frames, contacts):
            if row[side] != before:
                mark(action, f"{name} {'on' if row[side] else 'off'}", frame)
            before = row[side]
    for one in report.get("looseStretches") or []:
        mark(action, f"loose: {round(100 * one['shareOfLimit'])} % of the limit", capture.frames[0] + one["start"] * capture.rate)
        mark(action, "loose ends", capture.frames[0] + one["end"] * capture.rate)


class SUREFOOT_OT_correct(Options, bpy.types.Operator):
    """Correct the active armature's action by physics; the result is a new action beside it"""

    bl_idname = "surefoot.correct"
    bl_label = "Correct"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        rig = context.object
        if not rig or rig.type != "ARMATURE":
            cls.poll_message_set("Select an armature")
            return False
        if not actions.current(rig)[0]:
            cls.poll_message_set("The armature has no action")
            return False
        return True

    def begin(self, context):
        surefoot = job.program(preferred(context))
        self.rig = context.object
        self.capture = Capture(context, self.rig)
        for sentence in self.capture.warnings:
            self.report({"WARNING"}, sentence)
        words = job.arguments(self)
        if self.contacts.strip():
            words[words.index("--contacts") + 1] = bpy.path.abspath(self.contacts.strip())
        self.job = job.Job(surefoot, self.capture.text(), words)

    def finish(self, context):
        """Reads the result; the operator's answer."""
        try:
            clip, report = self.job.result()
            text = self.job.text()
            for sentence in clip.get("warnings", []) + clip.get("contradictions", []):
                self.report({"WARNING"}, sentence)
            if text is None:
                return self.refuse(clip)
            if clip.get("verdict") == "unchanged":
                self.report({"INFO"}, f"{self.capture.action.name} needs no change")
                return {"FINISHED"}
            old = self.capture.action
            action = self.capture.apply(text, f"{old.name} corrected")
            mark_action(action, self.capture, report)
            if self.mute:
                for name in self.capture.bound:
                    for constraint in self.rig.pose.bones[name].constraints:
                        constraint.mute = True
            old.use_fake_user = True
            figures = clip["figures"]
            errors = [sum(figures[key][part] for part in ("penetrate", "float", "skate")) for key in ("before", "after")]
            self.report(
                {"INFO"}, f"{action.name}: Phys-Err {errors[0]:.1f} -> {errors[1]:.1f} mm, joints {figures['mpjpe']:.0f} mm from the original")
            return {"FINISHED"}
        except CaptureError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        finally:
            self.job.close()

    def refuse(self, clip):
        """Says why a motion was rejected, and marks where in the old action."""
        reason = clip.get("failure") or str(clip.get("verdict"))
        reason = reason.replace(self.job.input, self.capture.action.name)
        action = self.capture.action
        for marker in [one for one in action.pose_markers if one.name.startswith("rejected")]:
            action.pose_markers.remove(marker)
        found = stretches(reason) or [(0, (len(self.capture.frames) - 1) / self.capture.rate)]
        for start, end in found:
            mark(action, "rejected", self.capture.frames[0] + start * self.capture.rate)
            mark(action, "rejected ends", self.capture.frames[0] + end * self.capture.rate)
        raise CaptureError(f"rejected: {reason}")

    def execute(self, context):
        """At once: the program runs to its end first."""
        try:
            self.begin(context)
        except CaptureError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        return self.finish(context)

    def invoke(self, context, event):
        """From the button: Blender stays usable; progress is shown, escape cancels."""
        settings = context.scene.surefoot
        for name in Options.__annotations__:
            if not self.properties.is_property_set(name):
                setattr(self, name, getattr(settings, name))
        try:
            self.begin(context)
        except CaptureError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        self.timer = context.window_manager.event_timer_add(0.2, window=context.window)
        context.window_manager.progress_begin(0, 100)
        context.window_manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context, event):
        if event.type == "ESC":
            self.job.cancel()
            self.end(context)
            self.report({"INFO"}, "Cancelled: nothing was changed")
            return {"CANCELLED"}
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        if self.job.is_running:
            done = self.job.progress()
            context.window_manager.progress_update(round(100 * done))
            context.workspace.status_text_set(f"Surefoot: {round(100 * done)} % of {self.capture.action.name} (Esc: cancel)")
            return {"RUNNING_MODAL"}
        self.end(context)
        try:
            self.rig.name
        except ReferenceError:
            self.job.close()
            self.report({"ERROR"}, "the armature was removed meanwhile")
            return {"CANCELLED"}
        return self.finish(context)

    def end(self, context):
        context.window_manager.event_timer_remove(self.timer)
        context.window_manager.progress_end()
        context.workspace.status_text_set(None)


class SUREFOOT_PT_panel(bpy.types.Panel):
    bl_label = "Surefoot"
    bl_idname = "SUREFOOT_PT_panel"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "Surefoot"

    def draw(self, context):
        layout, settings = self.layout, context.scene.surefoot
        layout.use_property_split = True
        rig = context.object
        action = actions.current(rig)[0] if rig and rig.type == "ARMATURE" else None
        layout.label(text=action.name if action else "Select an armature with an action", icon="ACTION" if action else "INFO")
        for name in Options.__annotations__:
            layout.prop(settings, name)
        layout.operator(SUREFOOT_OT_correct.bl_idname, icon="ARMATURE_DATA")


classes = (SurefootSettings, SurefootPreferences, SUREFOOT_OT_correct, SUREFOOT_PT_panel)


def register():
    for one in classes:
        bpy.utils.register_class(one)
    bpy.types.Scene.surefoot = bpy.props.PointerProperty(type=SurefootSettings)


def unregister():
    del bpy.types.Scene.surefoot
    for one in reversed(classes):
        bpy.utils.unregister_class(one)
