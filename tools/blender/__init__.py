"""Surefoot in Blender: select an armature, press Correct in the sidebar's Surefoot tab."""

from . import interface

register = interface.register
unregister = interface.unregister
