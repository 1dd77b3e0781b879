"""`make bench`: measures what README and docs may claim, and writes docs/measured.json."""
