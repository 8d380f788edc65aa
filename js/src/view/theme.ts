/** Follows the theme of the host: light text means a dark page, in any notebook. */

/** Relative luminance, 0 to 1, of a computed CSS colour; null if it cannot be parsed. */
export function brightness(colour: string): number | null {
  const [red, green, blue] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  if (blue === undefined) return null;
  const unit = colour.startsWith("color(") ? 1 : 255;
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / unit;
}

/** Keeps `root`'s data-theme in sync with the colour of the surrounding text. */
export function followTheme(host: Element, root: HTMLElement, signal: AbortSignal): () => void {
  const update = () => {
    const light = brightness(getComputedStyle(host).color);
    if (light !== null) root.dataset.theme = light > 0.5 ? "dark" : "light";
  };
  const observer = new MutationObserver(update);
  const attributeFilter = [
    "class",
    "style",
    "data-theme",
    "data-jp-theme-light",
    "data-jp-theme-name",
  ];
  for (const target of [document.documentElement, document.body])
    observer.observe(target, { attributes: true, attributeFilter });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", update, { signal });
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  return update;
}
