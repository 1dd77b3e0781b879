"""What is there: folders looked through and watched, what is left out, names, hashes, disks."""
