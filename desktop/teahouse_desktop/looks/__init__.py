"""How the window is drawn: themes, fonts, icons, distances, motion."""
