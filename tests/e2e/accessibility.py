"""What axe finds wrong in a page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "js" / "node_modules" / "axe-core" / "axe.min.js"

RUN = """async (selector) => {
  const rules = { "label-content-name-mismatch": { enabled: true } };
  const options = { resultTypes: ["violations"], rules };
  const { violations } = await axe.run(selector, options);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, any, all, none }) => {
      const why = [...any, ...all, ...none].map(({ message }) => message).join("; ");
      return `${id}: ${help}\\n  ${html.slice(0, 300)}\\n  ${why}`;
    }));
}"""


def violations(page: Page, selector: str) -> list[str]:
    """Every violation in the part of a page that a selector names."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(RUN, selector)
    return found
