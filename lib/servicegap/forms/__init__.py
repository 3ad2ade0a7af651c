"""What is sent to a client: an empty folder explained, a belief form, a data request."""

from servicegap.forms.folder import (
    README,
    REFRESH,
    client_yaml,
    dictionary,
    guide,
    new_folder,
    slug,
    zipped,
)

__all__ = [
    "README", "REFRESH", "client_yaml", "dictionary", "guide", "new_folder", "slug", "zipped",
]  # fmt: skip
