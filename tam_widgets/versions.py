"""Versions of what is installed, for a report of a problem."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

PACKAGES = ("torch", "transformers", "numpy", "anywidget", "ipywidgets", "jupyterlab", "notebook")


def version_of(package: str) -> str | None:
    """The version of an installed package, None where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def described(own: str) -> str:
    """Lines with the versions of this package, Python, the system and others.

    Args:
        own: The version of this package.
    """
    others = (f"{package} {version_of(package) or 'not installed'}" for package in PACKAGES)
    system = f"{platform.system()} {platform.machine()}"
    return "\n".join((f"tam-widgets {own}", f"Python {platform.python_version()}", system, *others))
