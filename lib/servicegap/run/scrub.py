"""Take out of an executed notebook what differs from run to run or tells of this machine.

What is left is the same, byte for byte, for the same input: no times, no places, no addresses of
objects, no random cell ids, nothing that papermill keeps for itself.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from nbformat import NotebookNode

_Place: TypeAlias = tuple[re.Pattern[str], str]
_PICTURE = re.compile(r"(data:[\w/+.-]+;base64,[A-Za-z0-9+/=]+)")
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{6,}")


def scrubbed(notebook: NotebookNode, places: Mapping[str, str]) -> NotebookNode:
    """Return a copy without traces; `places` maps paths of this machine to what stands for them.

    What kernels said on stderr is left out; `warnings` gives it for the log.
    """
    clean = copy.deepcopy(notebook)
    clean.metadata.pop("papermill", None)
    clean.metadata.pop("widgets", None)
    clean.metadata["language_info"] = {"name": "python"}
    for index, cell in enumerate(clean.cells):
        cell["id"] = f"cell-{index}"
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not _is_warning(output)]
    # The longest path first, or a folder would be replaced inside the path of its own file.
    ordered = sorted(places.items(), key=lambda item: -len(item[0]))
    return _without(clean, _spellings(ordered))


def warnings(notebook: NotebookNode) -> list[str]:
    """Return what an executed notebook's cells wrote to stderr."""
    outputs = (o for c in notebook.cells if c.cell_type == "code" for o in c.outputs)
    return ["".join(output.text).strip() for output in outputs if _is_warning(output)]


def _is_warning(output: Any) -> bool:
    return output.output_type == "stream" and output.name == "stderr"


def _spellings(places: list[tuple[str, str]]) -> list[_Place]:
    """Each path as it is, and as it stands in source code where backslashes are doubled."""
    return [
        (re.compile(rf"(?<!\w){re.escape(spelt)}(?![\w-])"), instead.replace("\\", r"\\"))
        for path, instead in places
        for spelt in dict.fromkeys((path.replace("\\", "\\\\"), path))
    ]


def _without(node: Any, places: list[_Place]) -> Any:
    if isinstance(node, str):
        return _text(node, places)
    if isinstance(node, dict):
        for key, value in node.items():
            # A picture is letters too, and a short path may stand in it by chance.
            if not key.startswith("image/") or key == "image/svg+xml":
                node[key] = _without(value, places)
    elif isinstance(node, list):
        node[:] = [_without(value, places) for value in node]
    return node


def _text(text: str, places: list[_Place]) -> str:
    parts = _PICTURE.split(text)
    for i in range(0, len(parts), 2):
        for path, instead in places:
            parts[i] = path.sub(instead, parts[i])
        parts[i] = _ADDRESS.sub("", parts[i])
    return "".join(parts)
