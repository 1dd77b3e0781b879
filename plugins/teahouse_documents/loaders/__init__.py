"""Files in, pieces out: one confined process for each file, whatever is in it.

The documents child asks `parsing.Parsing`; that starts the parser child (`child.serve`), which forks once
for each file. The fork gives up all but this one file (`confinement`), runs the loader and normalises what
comes (`reading`). `builtin.LOADERS` names the loaders of this plugin; other plugins bring more through
`register_loaders`. `Refused` says why a file has no text.
"""
