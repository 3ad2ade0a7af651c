"""An attendee's own workbook: copies of the notebooks, and a JupyterLab that shows nothing else.

`copies` lays the notebooks into a client's folder; `dressed` is how JupyterLab looks there; `lab`
starts it, finds one that is running, and stops it.
"""

from servicegap.workbook.copies import FOLDER, Laid, lay_out
from servicegap.workbook.lab import Lab, Opening, Running, lab_for, opening, running

__all__ = [
    "FOLDER",
    "Lab",
    "Laid",
    "Opening",
    "Running",
    "lab_for",
    "lay_out",
    "opening",
    "running",
]
