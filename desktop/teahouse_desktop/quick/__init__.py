"""How Teahouse is reached from elsewhere: the quick-ask window, a global shortcut, the tray."""
