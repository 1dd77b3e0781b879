"""Child processes: spawn, JSON lines, cancel, restart, death with the parent.

Native code, parsers and foreign programs run here and never in the window's process.
"""
