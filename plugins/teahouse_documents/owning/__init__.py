"""The documents child's two roles: the owner of the index, and the guest of another owner."""
