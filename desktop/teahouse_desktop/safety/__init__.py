"""What keeps conversations safe: backups, looking through the file, the ways back."""
