"""`teahouse` in a terminal: everything the window does that makes sense there."""
