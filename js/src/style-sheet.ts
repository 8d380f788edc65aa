/** Style sheets of parts, which also reach shadow roots and pages that allow no other. */

const sheets = new Map<string, CSSStyleSheet>();

/** Adds a style sheet to the page or the shadow root that an element is in. */
export function adopt(element: Element, style: string): void {
  const root = element.getRootNode() as Document | ShadowRoot;
  const sheet = sheets.get(style) ?? new CSSStyleSheet();
  if (!sheets.has(style)) sheet.replaceSync(style);
  sheets.set(style, sheet);
  if (!root.adoptedStyleSheets.includes(sheet))
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
