"""The Service Gap Workbook: where a service falls short of what its provider believes."""

from importlib import import_module

__version__ = "0.1.0"

_PUBLIC = {"load": "servicegap.client", "show": "servicegap.bundles"}
__all__ = ["load", "show"]


def __getattr__(name: str):
    """Import a public name when it is first used, so that the command line starts at once."""
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'servicegap' has no attribute {name!r}")
