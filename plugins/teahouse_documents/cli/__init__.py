"""What the plugin does in a terminal."""
