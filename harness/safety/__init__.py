"""Cannot hurt a clinic: what may be written, noted before it is written, and undone afterwards.

Everything that is asked of a real Docplanner goes through two transports of this room. :mod:`harness.safety.guard` lets
pass only what is allowed; :mod:`harness.safety.noting` puts each write on the disk before it is made.
:mod:`harness.safety.undo` finds from there what is left, undoes it, and compares with what was there before.
"""
