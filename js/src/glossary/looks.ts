/** How the pictures' shapes look, in the colours of a theme. */
import type { Look } from "./shapes";

/** CSS colours. */
export interface Colours {
  readonly ink: string;
  readonly muted: string;
  readonly accent: string;
  readonly other: string;
}

/** A style sheet for pictures, with all looks or with some. */
export function lookStyle(
  { ink, muted, accent, other }: Colours,
  some?: ReadonlySet<Look>,
): string {
  const filled = (colour: string, opacity = 1) => `fill: ${colour}; fill-opacity: ${opacity}`;
  const drawn = (colour: string, width: number) =>
    `fill: none; stroke: ${colour}; stroke-width: ${width}; stroke-linejoin: round; stroke-linecap: round`;
  const looks: Readonly<Record<Look, string>> = {
    ink: `fill: ${ink}`,
    muted: `fill: ${muted}`,
    fill: `fill: ${accent}`,
    soft: filled(accent, 0.25),
    warm: `fill: ${other}`,
    line: drawn(ink, 1),
    faint: `${drawn(muted, 0.75)}; stroke-opacity: 0.7`,
    accent: drawn(accent, 1.75),
    other: drawn(other, 1.75),
  };
  return (Object.keys(looks) as Look[])
    .filter((look) => some?.has(look) ?? true)
    .map((look) => `.tam-look-${look} { ${looks[look]}; }`)
    .join("\n");
}
