"""Access to a model: taken out of its wrappers, in evaluation mode, by one thread at a time."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import torch

from ..errors import UnsupportedModelError
from ..progress_observer import current_observer

TOLD_EVERY = 0.2
"""Seconds after which an observer hears again that a model is not free."""

_locks: WeakKeyDictionary[torch.nn.Module, threading.RLock] = WeakKeyDictionary()
_locks_lock = threading.Lock()


def unwrapped(model: Any, processor: Any) -> tuple[Any, Any]:
    """Returns the model itself, without wrappers, and its processor.

    Args:
        model: A transformers model, a pipeline that contains one, a data-parallel wrapper, or an
            Omni model, whose thinker writes the text.
        processor: Its processor; by default the pipeline's.

    Raises:
        UnsupportedModelError: If it contains no transformers model.
    """
    if isinstance(model, str | os.PathLike):
        name = str(model)
        raise UnsupportedModelError(
            f"{name!r:.80} is a name, not a model: call Explainer.from_pretrained({name!r:.80})"
        )
    if not isinstance(model, torch.nn.Module):
        from transformers import Pipeline, PretrainedConfig

        if isinstance(model, Pipeline):
            return unwrapped(model.model, model.processor if processor is None else processor)
        if isinstance(model, type | PretrainedConfig):
            is_class = isinstance(model, type)
            given = f"the class {model.__name__}" if is_class else f"a {type(model).__name__}"
            raise UnsupportedModelError(
                f"{given} has no weights: give a model as "
                "transformers.AutoModelForImageTextToText.from_pretrained loads it, or call "
                "Explainer.from_pretrained with a checkpoint's name"
            )
    wrappers = (torch.nn.DataParallel, torch.nn.parallel.DistributedDataParallel)
    if isinstance(model, wrappers):
        return unwrapped(model.module, processor)
    if isinstance(getattr(model, "thinker", None), torch.nn.Module):
        return unwrapped(model.thinker, processor)
    if getattr(model, "config", None) is None:
        raise UnsupportedModelError(
            f"{type(model).__name__} is not a transformers model, as it has no `config`: give one "
            "that transformers.AutoModelForImageTextToText loads, or an image-text-to-text pipeline"
        )
    return model, processor


def is_training(model: torch.nn.Module) -> bool:
    """Whether any part of a model is in training mode."""
    return any(module.training for module in model.modules())


@contextmanager
def exclusively(model: torch.nn.Module) -> Iterator[None]:
    """Lets only one thread use a model: its hooks, modes and tokenizer are shared state."""
    with _locks_lock:
        lock = _locks.setdefault(model, threading.RLock())
    _acquire(lock)
    try:
        yield
    finally:
        lock.release()


def _acquire(lock: threading.RLock) -> None:
    """Waits for a lock; an observer hears of it, and may raise."""
    observer = current_observer()
    while not lock.acquire(timeout=-1 if observer is None else TOLD_EVERY):
        if observer is not None:
            observer.wait()


@contextmanager
def evaluating(model: torch.nn.Module) -> Iterator[None]:
    """As `exclusively`, in evaluation mode; afterwards every module's own mode is restored."""
    with exclusively(model):
        training = [module for module in model.modules() if module.training]
        for module in training:
            module.training = False
        try:
            yield
        finally:
            for module in training:
                module.training = True


def input_device(model: Any) -> torch.device:
    """The device of a model's inputs, even if its first weights are offloaded to CPU or disk.

    Raises:
        UnsupportedModelError: If its weights were never loaded.
    """
    device: torch.device = model.device
    if device.type != "meta":
        return device
    for module in model.modules():
        hook = getattr(module, "_hf_hook", None)
        for one in getattr(hook, "hooks", (hook,)):
            place = getattr(one, "execution_device", None)
            if place is not None:
                return torch.device(place)
    raise UnsupportedModelError(
        f"the weights of {type(model).__name__} are not loaded but on the meta device: load it "
        "with from_pretrained (device_map and offload_folder may offload parts)"
    )


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory did not suffice; on CPUs torch raises a plain `RuntimeError`."""
    return isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error)
