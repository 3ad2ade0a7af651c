"""A client's folder: its settings, its tables, and what the client said before looking."""

from servicegap.client.folder import (
    ROOT,
    Client,
    Recorded,
    find,
    from_frames,
    load,
    own_folder,
)
from servicegap.client.reading import table_files
from servicegap.problems import Refused

__all__ = [
    "ROOT", "Client", "Recorded", "Refused", "find", "from_frames", "load", "own_folder",
    "table_files",
]  # fmt: skip
