/** What the help says of each control, and the settings under which it shows the word in view. */
import { settings as contract, scale as scales } from "../../../tam_widgets/contract.json";
import { decimal } from "../dom";
import { place } from "../geometry";
import { hasThumbnails, peakOf, valuesOf } from "../layer";
import { methodNamed } from "../methods";
import { otsu } from "../otsu";
import { largestKernel } from "../rank-gaussian";
import type { Counterfactual, ExplorerSettings } from "../state/store";
import { textOf } from "../texts";
import type { Drawings, Span } from "./in-view";

/** Some settings, and what they are called. */
export interface Sample {
  readonly caption: string;
  readonly settings: Partial<ExplorerSettings>;
}

export interface Lesson {
  readonly name: string;
  readonly title: string;
  readonly text: string;
  readonly samples: readonly Sample[];
}

/** What shows all panels by TAM. */
const TAM: Partial<ExplorerSettings> = { method: "tam", methods: [] };

/** A picture for each value of a setting. */
function each<N extends keyof ExplorerSettings>(
  name: N,
  values: readonly (readonly [ExplorerSettings[N], string])[],
  more: Partial<ExplorerSettings> = {},
): Sample[] {
  return values.map(([value, caption]) => ({ caption, settings: { ...more, [name]: value } }));
}

/** Lessons about the controls that this explorer has, on the word in view. */
export function lessonsOn(drawings: Drawings, span: Span): Lesson[] {
  return [
    method(drawings, span),
    ...(hasActivations(drawings, span) ? [eci(drawings, span), kernel(drawings, span)] : []),
    words(drawings, span),
    {
      name: "scale",
      title: "scale",
      text:
        "A button below the legend’s bar. On its own scale, the colours of a map end at its " +
        `maximum, at ${scales.least_end} at least, so that weak maps can be seen; on one scale ` +
        "for all they end at 1, so that words or models can be compared.",
      samples: each("scale", [
        ["token", textOf("own_scale")],
        ["shared", textOf("shared_scale")],
      ]),
    },
    {
      name: "colormap",
      title: "colour map",
      text:
        "In the first three, equal steps of the value look equally large; cividis suits colour-" +
        "blind readers best. jet is there for comparison with the paper.",
      samples: each(
        "colormap",
        contract.colormap.values.map((name) => [name, name] as const),
      ),
    },
    {
      name: "opacity",
      title: "opacity",
      text: "How much of the photo the map hides where it is strong. 0 always stays clear.",
      samples: each(
        "opacity",
        [0.35, contract.opacity.default, 1].map((value) => [value, String(value)] as const),
      ),
    },
    threshold(drawings, span),
    {
      name: "cells",
      title: "cells",
      text: "The model sees the picture in cells. Off, their values are smoothly joined; on, each cell is drawn as it is.",
      samples: each("cells", [
        [false, "off"],
        [true, "on"],
      ]),
    },
    ...thumbnail(drawings, span),
    ...contrast(drawings, span),
  ];
}

const OWN_METHODS =
  "TAM takes away what earlier words explain and then removes noise; plain CAM shows the raw " +
  "activation. ";

/** Whether the panel has more than maps that came from elsewhere. */
function hasActivations(drawings: Drawings, span: Span): boolean {
  return drawings.panel(span).activations.length > 0;
}

function method(drawings: Drawings, span: Span): Lesson {
  const { methods, store } = drawings.opened;
  const { maps } = drawings.panel(span);
  const raw = hasActivations(drawings, span);
  const others = methods.map(({ label }) => label).join(", ");
  const compared = ["tam", "cam"].map((name) => methodNamed(methods, name));
  const current = methodNamed(methods, store.of(span.panel).method);
  const shown = raw
    ? [...new Set([...compared, current])]
    : methods.filter(({ name }) => Object.hasOwn(maps, name));
  return {
    name: "method",
    title: "method",
    text: `${raw ? OWN_METHODS : ""}To choose from: ${others}.`,
    samples: each(
      "method",
      shown.map(({ name, label }) => [name, label] as const),
      { methods: [] },
    ),
  };
}

function eci({ opened: { store, methods } }: Drawings, { panel }: Span): Lesson {
  const takes = methodNamed(methods, store.of(panel).method).options.includes("eci");
  return {
    name: "eci",
    title: "ECI",
    text:
      "Estimated causal inference: how much of what earlier words explain is taken away. At 0 a " +
      "word also shows the objects that were named before it, at 1 only what is its own.",
    samples: each(
      "eci",
      [0, 0.5, 1].map((value) => [value, String(value)] as const),
      takes ? {} : TAM,
    ),
  };
}

function kernel(drawings: Drawings, span: Span): Lesson {
  const { opened } = drawings;
  const { grids } = drawings.panel(span);
  const all = opened.panels.flatMap((panel) => panel.grids);
  const largest = Math.min(...all.map(({ rows, cols }) => largestKernel(rows, cols)));
  const offered = contract.kernel_size.offered.filter((size) => size <= largest);
  const shown = [1, 3, 7].filter((size) => size <= largest);
  const widest = offered[offered.length - 1];
  const { rows, cols } = grids.reduce((a, b) => (a.rows * a.cols <= b.rows * b.cols ? a : b));
  const share = (Math.min(widest, rows) * Math.min(widest, cols)) / (rows * cols);
  const takes = methodNamed(opened.methods, opened.store.of(span.panel).method).options;
  return {
    name: "kernel_size",
    title: "window",
    text:
      "Side, in cells, of the filter that removes single bright cells; 1 filters nothing. The " +
      `grid here has ${rows}\u00a0×\u00a0${cols} cells: a window of ${widest} covers ` +
      `${Math.round(100 * share)} % of it and smears whatever is smaller.`,
    samples: each(
      "kernel_size",
      shown.map((value) => [value, String(value)] as const),
      takes.includes("kernel_size") ? {} : TAM,
    ),
  };
}

function words(drawings: Drawings, span: Span): Lesson {
  const { opened } = drawings;
  const [first] = span.tokens;
  const word = opened.words[span.panel].of(first);
  const { tokens } = drawings.panel(span);
  const pieces = word.map((token) => `“${tokens[token].text.trim()}”`);
  return {
    name: "granularity",
    title: "words",
    text:
      "Models write in tokens, which may be pieces of words. On, pointing takes all pieces of a " +
      `word together. ${word.length > 1 ? `This word has ${pieces.length}: ${pieces.join(", ")}.` : "This word is a single token, so both are the same."}`,
    samples: each("granularity", [
      ["token", "off"],
      ["word", "on"],
    ]),
  };
}

function threshold(drawings: Drawings, span: Span): Lesson {
  const settings = drawings.opened.store.of(span.panel);
  const map = drawings.map(span, settings);
  const grids = drawings.grids(span.panel, settings.thumbnail);
  const end = Math.max(
    settings.scale === "shared" ? 1 : scales.least_end,
    map ? peakOf(map, grids) : 0,
  );
  const best = map ? Number(otsu(valuesOf(map, grids).map(Math.abs), end).toFixed(2)) : 0;
  return {
    name: "threshold",
    title: "threshold, Otsu",
    text:
      "Hides values below this share of the scale. Otsu finds the value that best separates this " +
      "map’s bright cells from its dark ones.",
    samples: each("threshold", [
      [0, "0"],
      [best, `Otsu: ${decimal(best)}`],
    ]),
  };
}

function thumbnail(drawings: Drawings, span: Span): Lesson[] {
  if (!hasThumbnails(place(drawings.panel(span).grids))) return [];
  const lesson: Lesson = {
    name: "thumbnail",
    title: "thumbnail",
    text:
      "The model saw this picture twice: as sharp tiles, and whole but downscaled. The tiles show " +
      "details, the thumbnail what the whole was good for.",
    samples: each("thumbnail", [
      [false, "tiles"],
      [true, "thumbnail"],
    ]),
  };
  return [lesson];
}

/** Another word in the token's place, where the explanation has one. */
function contrast(drawings: Drawings, { panel, tokens: [token] }: Span): Lesson[] {
  const { alternatives, tokens } = drawings.opened.panels[panel];
  const other = alternatives.findIndex((one) => one.token === token);
  if (other < 0) return [];
  const [own, name] = [tokens[token].text.trim(), alternatives[other].text.trim()];
  const counterfactual: Counterfactual = [panel, token, other];
  const chosen = { selected: [[panel, token]], counterfactual } as const;
  const lesson: Lesson = {
    name: "contrast",
    title: "contrast",
    text:
      `The model might have written “${name}” instead of “${own}”. Its chip shows the map that ` +
      "word would have had; contrast takes one map from the other: orange speaks for the word " +
      "written, blue for the other.",
    samples: [
      { caption: own, settings: { counterfactual: [], contrast: false } },
      { caption: name, settings: { ...chosen, contrast: false } },
      { caption: "contrast", settings: { ...chosen, contrast: true } },
    ],
  };
  return [lesson];
}
