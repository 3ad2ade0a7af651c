"""`python -m servicegap.workbook CONFIG_DIR` dresses the JupyterLab of a machine kept for it."""

import sys
from pathlib import Path

from servicegap.workbook.dressed import write_config

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Say which configuration folder of Jupyter's, such as ~/.jupyter")
    write_config(Path(sys.argv[1]).expanduser())
