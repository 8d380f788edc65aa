/** The glossary's pictures as elements of the page. */
import { HEIGHT, type Picture, WIDTH } from "./shapes";

const SVG = "http://www.w3.org/2000/svg";

export function drawing(picture: Picture): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "tam-entry-picture");
  for (const { tag, look, attributes, text } of picture) {
    const shape = document.createElementNS(SVG, tag);
    shape.setAttribute("class", `tam-look-${look}`);
    for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, String(value));
    if (text !== undefined) shape.textContent = text;
    svg.append(shape);
  }
  return svg;
}
