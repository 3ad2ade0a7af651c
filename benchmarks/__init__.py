"""What is measured in tables rather than held by tests."""

import os

# Matrices here are small: threads that wait for each other cost more than they bring. To be said
# before NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
