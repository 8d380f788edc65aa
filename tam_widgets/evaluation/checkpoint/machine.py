"""What figures were measured with: model, machine and versions, without anything private."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

from tam_widgets.versions import version_of

PACKAGES = ("tam-widgets", "torch", "transformers", "numpy")
_GB = 1e9
_CPU_INFO = Path("/proc/cpuinfo")


def facts_of(explainer: Any) -> dict[str, str | int | float | None]:
    """Facts by name; neither paths, nor names of users or machines.

    Args:
        explainer: An `Explainer`.
    """
    import torch

    model = explainer.model
    parameters = sum(weight.numel() for weight in model.parameters())
    quantizer = getattr(model, "hf_quantizer", None)
    return {
        "model": explainer.name,
        "family": explainer.family.name,
        "class": type(model).__name__,
        "parameters": parameters,
        "dtype": str(model.dtype).removeprefix("torch."),
        "quantised": type(quantizer).__name__ if quantizer is not None else "no",
        "devices": ", ".join(sorted({weight.device.type for weight in model.parameters()})),
        "accelerator": _accelerator(torch),
        "CPU": _cpu(),
        "CPU cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "memory, GB": _memory(),
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        **{package: version_of(package) for package in PACKAGES},
    }


def _accelerator(torch: Any) -> str:
    if torch.cuda.is_available():
        count, memory = torch.cuda.device_count(), torch.cuda.get_device_properties(0).total_memory
        return f"{count} × {torch.cuda.get_device_name(0)}, {memory / _GB:.0f} GB"
    found = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None
    return found.type if found is not None else "none"


def _cpu() -> str:
    """The processor's name; on Linux `platform` knows only its architecture."""
    try:
        lines = _CPU_INFO.read_text("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def _memory() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GB, 1)
    except (AttributeError, OSError, ValueError):  # not on Windows
        return None
