"""A client's folder: its settings, its tables, and what the client said before looking."""

from servicegap.client.folder import ROOT, Client, Recorded, find, from_frames, load, table_files
from servicegap.problems import Refused

__all__ = ["ROOT", "Client", "Recorded", "Refused", "find", "from_frames", "load", "table_files"]
