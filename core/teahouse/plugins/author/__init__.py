"""For authors of plugins: begin one, run it from its folder, look for mistakes.

`scaffold` writes a complete package from the template; `project` reads an author's folder; `borrowed` makes
it look installed and `reloading` loads it again when a file changes; `check` collects what `manifest`,
`translated`, `wheel` and a child process (`check_child`, `look`) find.
"""
