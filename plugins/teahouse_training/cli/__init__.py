"""`teahouse train …`."""
