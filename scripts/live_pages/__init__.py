"""Live pages for the documentation: exported views, made with the demo models."""

from scripts.live_pages import basics, doubts, insides  # in the order of the pages
from scripts.live_pages.registry import PAGES, LivePage, build

NAMES = tuple(PAGES)

__all__ = ["NAMES", "PAGES", "LivePage", "basics", "build", "doubts", "insides"]
