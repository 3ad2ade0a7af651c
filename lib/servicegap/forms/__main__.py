"""Refresh data/README.md: `python -m servicegap.forms`."""

from servicegap.forms import README, dictionary

README.write_text(dictionary(), encoding="utf-8", newline="\n")
print(f"wrote {README}")
