"""What a page's main thread did for each frame, from Chromium's own trace."""

from __future__ import annotations

import bisect
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

from playwright.sync_api import Browser, Page

CATEGORIES = ["toplevel", "blink.user_timing"]
TASKS = ("RunTask", "ThreadControllerImpl::RunTask")
FRAME = "tam-frame"

MARK_FRAMES = """() => {
  window.__frames = [];
  const frame = (time) => {
    performance.mark("tam-frame");
    window.__frames.push(time);
    window.__marking = requestAnimationFrame(frame);
  };
  window.__marking = requestAnimationFrame(frame);
}"""

UNMARK_FRAMES = """() => {
  cancelAnimationFrame(window.__marking);
  performance.clearMarks("tam-frame");
  return window.__frames.slice(1).map((time, i) => time - window.__frames[i]);
}"""

Event = dict[str, Any]
Clock = Literal["wall", "cpu"]


def traced(
    browser: Browser, page: Page, work: Callable[[], None]
) -> tuple[list[Event], list[float]]:
    """Chromium's events while `work` runs, and the milliseconds between the page's frames."""
    browser.start_tracing(page=page, categories=CATEGORIES)
    page.evaluate(MARK_FRAMES)
    work()
    intervals: list[float] = page.evaluate(UNMARK_FRAMES)
    events: list[Event] = json.loads(browser.stop_tracing())["traceEvents"]
    return events, intervals


def frame_work(events: list[Event], clock: Clock = "wall") -> list[float]:
    """Milliseconds that the main thread was busy from one frame's callbacks to the next one's.

    All of it counts: scripts, style, layout, paint, and whatever else the page does besides.

    Args:
        events: Of `traced`.
        clock: `"wall"`, or `"cpu"` for what the thread itself used: on a busy machine it waits.
    """
    thread = _main_thread(events)
    own = [event for event in events if (event["pid"], event["tid"]) == thread]
    starts = sorted(event["ts"] for event in own if event["name"] == FRAME)
    tasks = sorted(_outermost(e for e in own if e["name"] in TASKS and "dur" in e), key=_start)
    busy = [0.0] * (len(starts) - 1)
    for task in tasks:
        frame = bisect.bisect_right(starts, task["ts"]) - 1
        if 0 <= frame < len(busy):
            busy[frame] += task.get("tdur" if clock == "cpu" else "dur", task["dur"]) / 1e3
    return busy


def _main_thread(events: list[Event]) -> tuple[int, int]:
    """The thread that marked frames."""
    for event in events:
        if event["name"] == FRAME:
            return event["pid"], event["tid"]
    raise RuntimeError("the trace holds no frame: did the page paint at all?")


def _start(event: Event) -> float:
    return float(event["ts"])


def _outermost(tasks: Iterable[Event]) -> Iterator[Event]:
    """Tasks that run in no other task."""
    end = 0.0
    for task in sorted(tasks, key=_start):
        if task["ts"] >= end:
            yield task
            end = task["ts"] + task["dur"]
