"""How JupyterLab looks in the workbook: the sessions at the left, one of them open, no code.

All of it stands in a folder that belongs to the workbook, so that nobody's own JupyterLab changes.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

CSS = """/* no code in sight, nor the tools for it */
.jp-InputPlaceholder, .jp-cell-toolbar, .jp-InternalAnchorLink, .jp-Notebook-footer,
.jp-InputPrompt, .jp-OutputPrompt, .jp-SideBar, .jp-FileBrowser-toolbar, .jp-DirListing-header,
.jp-FileBrowser-filterToolbar, .jp-LauncherCard,
.jp-OutputArea-promptOverlay {display: none !important}
.jp-RenderedMarkdown {max-width: 56em}
/* the keyboard's place is seen in every form */
.sg-form button:focus-visible, .sg-form input:focus-visible, .sg-form textarea:focus-visible,
.sg-form select:focus-visible, .sg-form .noUi-handle:focus-visible, .sg-where a:focus-visible
{outline: 3px solid var(--jp-brand-color1, #1976d2) !important; outline-offset: 2px}
"""
_TOOLS = ("insert", "cut", "copy", "paste", "run", "interrupt", "restart", "cellType")
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},  # dark where the screen is
    "@jupyterlab/application-extension:shell": {"startMode": "single"},
    "@jupyterlab/filebrowser-extension:browser": {
        "navigateToCurrentDirectory": True,
        "showLastModifiedColumn": False,
        "singleClickNavigation": True,
    },
    "@jupyterlab/notebook-extension:panel": {
        "toolbar": [{"name": name, "disabled": True} for name in _TOOLS]
    },
    "@jupyterlab/lsp-extension:plugin": {"activate": "off"},
    # all cells are in the page at once: nothing jumps while the cards turn over
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    "@jupyterlab/statusbar-extension:plugin": {"visible": False},
}
# what an owner who reads and guesses has no use for; each of them also takes time to load
LEFT_OUT = ("launcher", "debugger", "extensionmanager", "terminal", "logconsole", "celltags")
SERVICES_LEFT_OUT = ("jupyter_server_terminals", "notebook_shim")


def dress(home: Path) -> None:
    """Write JupyterLab's own settings, style and layout into `home`; what it left is cleared.

    What stays from one time to the next is which notebooks were run here (`data`), so that their
    pictures are still trusted.
    """
    shutil.rmtree(home / "config", ignore_errors=True)
    for name in ("settings", "workspaces", "ipython"):
        shutil.rmtree(home / name, ignore_errors=True)
    for name in ("data", "run"):
        (home / name).mkdir(parents=True, exist_ok=True)
    (home / "run").chmod(0o700)  # the key to the workbook lies there
    write_config(home / "config")


def write_config(config: Path) -> None:
    """Write settings, style and layout into a configuration folder of Jupyter's.

    For a machine that shows nothing but the workbook, such as Binder or a workshop's JupyterHub;
    `servicegap workbook` has a folder of its own.
    """
    for name in ("custom", "labconfig"):
        (config / name).mkdir(parents=True, exist_ok=True)
    (config / "custom" / "custom.css").write_text(CSS, encoding="utf-8")
    _json(config / "labconfig" / "default_setting_overrides.json", SETTINGS)
    off = dict.fromkeys(SERVICES_LEFT_OUT, False)
    _json(config / "jupyter_server_config.json", {"ServerApp": {"jpserver_extensions": off}})
    never = "jupyterlab.handlers.announcements.NeverCheckForUpdate"
    lab = {"custom_css": True, "news_url": None, "extension_manager": "readonly"}
    lab |= {"check_for_updates_class": never}
    _json(config / "jupyter_lab_config.json", {"LabApp": lab})
    out = {f"@jupyterlab/{name}-extension": True for name in LEFT_OUT}
    _json(config / "labconfig" / "page_config.json", {"disabledExtensions": out})


def surroundings(home: Path) -> dict[str, str]:
    """The environment in which Jupyter looks nowhere but there, and in its own installation."""
    places = {"CONFIG": "config", "DATA": "data", "RUNTIME": "run"}
    found = {f"JUPYTER_{name}_DIR": str(home / place) for name, place in places.items()}
    found |= {f"JUPYTERLAB_{k}_DIR": str(home / k.lower()) for k in ("SETTINGS", "WORKSPACES")}
    return found | {
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_PREFER_ENV_PATH": "1",  # the kernel is this Python, not another of that name
        "JUPYTER_PLATFORM_DIRS": "1",
    }


def _json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")
