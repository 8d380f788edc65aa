/** One small picture for each entry. */
import {
  arrow,
  axes,
  bars,
  cells,
  cross,
  curve,
  dot,
  label,
  type Picture,
  path,
  photo,
  rect,
  vector,
  word,
} from "./shapes";

const SPOT = ["0000", "0380", "0270", "0000"];
const BOTH = ["4000", "5380", "3270", "0000"];
const ECHO = ["4000", "5000", "3000", "0000"];
const WEAK = ["0000", "0130", "0120", "0000"];
const ALL = ["3537", "5353", "7335", "3573"];

/** A map beside another, with a sign between them. */
const beside = (one: readonly string[], sign: string, other: readonly string[]): Picture => [
  ...cells(8, 12, 10, one),
  label(60, 36, sign, "ink", 14),
  ...cells(72, 12, 10, other),
];

/** Two maps of which one has a smaller maximum. */
const scaled = (weak: readonly string[]): Picture => [
  ...cells(12, 6, 10, weak),
  label(32, 59, "0.3", "muted"),
  ...cells(68, 6, 10, SPOT),
  label(88, 59, "0.9", "muted"),
];

/** A picture of which some cells are hidden, and the curve that goes with it. */
const hiding = (
  hidden: readonly string[],
  points: readonly (readonly [number, number])[],
): Picture => [
  ...photo(6, 12, 44, 40),
  ...cells(6, 12, 11, hidden, "ink").filter(({ look }) => look === "ink"),
  axes(64, 54, 48, 44),
  curve(points, "accent"),
];

const FALL = [
  [64, 14],
  [74, 22],
  [82, 44],
  [94, 50],
  [110, 52],
] as const;
const RISE = [
  [64, 52],
  [74, 40],
  [82, 20],
  [94, 14],
  [110, 13],
] as const;
const SLOW = [
  [64, 14],
  [78, 17],
  [92, 28],
  [104, 44],
  [110, 52],
] as const;

export const PICTURES: Readonly<Record<string, Picture>> = {
  token: [
    ...word(38, 36, "air", "soft"),
    ...word(76, 36, "plane", "soft"),
    label(60, 56, "2 tokens, 1 word", "muted", 8),
  ],
  "visual-token": [
    ...photo(34, 8, 52, 48),
    rect(47, 20, 13, 12, "accent"),
    arrow(62, 26, 98, 26, "accent"),
    ...vector(100, 9, "37528", "fill"),
  ],
  grid: [
    ...photo(34, 8, 52, 48),
    ...cells(34, 8, 13, ["0000", "0000", "0000"]),
    path("M34 47V56H86V47", "faint"),
    path("M47 47V56M60 47V56M73 47V56", "faint"),
  ],
  tile: [
    ...photo(8, 10, 60, 44),
    path("M38 10V54M8 32H68", "accent"),
    ...photo(84, 20, 28, 22),
    label(98, 54, "thumbnail", "muted", 7),
  ],
  layer: [
    ...[46, 34, 22, 10].map((y, i) => rect(34, y, 52, 9, i === 3 ? "fill" : "soft", { rx: 2 })),
    arrow(98, 54, 98, 10),
    label(20, 54, "1", "muted", 8),
    label(20, 18, "last", "muted", 8),
  ],
  "hidden-state": [
    ...cells(14, 12, 13, ["000", "070", "000"]),
    arrow(56, 32, 82, 32),
    ...vector(90, 8, "3715294"),
  ],
  "classifier-row": [
    ...vector(14, 8, "3715294"),
    label(34, 36, "·", "ink", 16),
    ...vector(48, 8, "1825063", "warm"),
    label(72, 36, "=", "ink", 12),
    ...bars(90, 50, [34], "fill", 12),
  ],
  candidate: [
    ...bars(16, 26, [0]),
    ...["dog", "cat", "fox"].flatMap((text, i) => [
      label(24, 20 + 16 * i, text, i ? "muted" : "ink"),
      rect(44, 12 + 16 * i, [60, 26, 12][i], 9, i ? "soft" : "fill"),
    ]),
  ],
  "function-word": [
    ...word(28, 36, "the"),
    arrow(46, 32, 64, 32),
    ...cells(72, 12, 10, ["0000", "0000", "0000", "0000"]),
  ],
  "class-activation": [
    ...cells(8, 12, 10, BOTH),
    label(60, 34, "·", "ink", 16),
    ...vector(70, 10, "182506", "warm"),
    arrow(86, 32, 112, 32),
  ],
  tam: [...word(30, 36, "dog", "soft"), arrow(50, 32, 66, 32), ...cells(72, 12, 10, SPOT)],
  context: [
    label(16, 34, "A", "muted"),
    ...word(42, 34, "red", "soft"),
    ...word(68, 34, "car", "soft"),
    ...word(99, 34, "and", "line"),
    path("M8 46H80", "accent"),
    label(44, 57, "context", "muted", 8),
  ],
  evidence: [...cells(24, 12, 10, SPOT), ...cells(82, 12, 10, ["8", "6", "3", "0"])],
  "own-scale": scaled(SPOT),
  "shared-scale": scaled(WEAK),
  "raw-max": [
    ...cells(18, 12, 10, BOTH),
    rect(38, 22, 10, 10, "other"),
    path("M48 27H68", "other"),
    label(86, 30, "12.3", "ink", 12),
  ],
  relevance: [
    ...word(24, 48, "red"),
    ...word(62, 48, "car"),
    ...word(99, 48, "wheel", "soft"),
    path("M24 36Q62 -2 97 36", "faint"),
    path("M62 36Q80 12 97 35", "accent"),
    arrow(96, 32, 97, 37, "accent"),
  ],
  interference: [
    ...cells(6, 16, 8, ECHO),
    label(46, 36, "+"),
    ...cells(52, 16, 8, ["0000", "0000", "0005", "0006"]),
    arrow(90, 32, 100, 32),
    label(22, 60, "0.7", "muted", 8),
    label(68, 60, "0.3", "muted", 8),
    label(110, 36, "E", "ink", 12),
  ],
  eci: [
    ...cells(4, 16, 8, BOTH),
    label(42, 36, "−"),
    ...cells(48, 16, 8, ECHO),
    label(86, 36, "="),
    ...cells(90, 18, 7, SPOT),
  ],
  residual: [
    ...bars(14, 52, [30, 38, 20, 12], "soft", 10),
    ...bars(14, 52, [8, 30, 16, 0], "fill", 10),
    label(90, 26, "removed", "muted", 8),
    label(90, 44, "residual", "ink", 8),
  ],
  "joint-normalisation": [
    ...bars(16, 54, [24, 38, 14], "fill", 8),
    ...bars(62, 54, [30, 12, 20], "warm", 8),
    path("M10 15H104", "faint"),
    label(112, 18, "1", "ink", 9),
    path("M10 54H104", "line"),
  ],
  rgf: [
    ...cells(6, 14, 12, ["191", "120", "011"]),
    arrow(48, 32, 58, 32),
    ...bars(62, 54, [2, 3, 5, 5, 6, 6, 8, 10, 36], "soft", 4),
    path("M62 52Q78 48 86 22Q94 48 114 52", "accent"),
  ],
  window: [
    ...cells(30, 4, 11, ["00000", "00000", "00300", "00000", "00000"]),
    rect(41, 15, 33, 33, "accent"),
  ],
  otsu: [
    axes(10, 54, 100, 46),
    ...bars(14, 54, [30, 38, 22, 8], "soft", 8),
    ...bars(70, 54, [6, 14, 20, 10], "fill", 8),
    path("M60 8V54", "other"),
  ],
  counterfactual: [
    ...word(26, 24, "dog", "soft"),
    cross(20, 14, 12),
    ...word(26, 50, "cat", "warm"),
    arrow(46, 46, 66, 38, "other"),
    ...cells(72, 12, 10, ["0060", "0070", "0000", "0000"], "warm"),
  ],
  contrast: [
    ...cells(38, 12, 11, ["0000", "0860", "0500", "0000"]),
    ...cells(38, 12, 11, ["0003", "0000", "0008", "0007"], "warm").filter(
      ({ look }) => look === "warm",
    ),
    label(18, 32, "dog", "ink", 9),
    label(102, 48, "cat", "ink", 9),
  ],
  intervention: [
    ...photo(6, 14, 40, 36),
    rect(26, 14, 20, 18, "ink"),
    arrow(52, 32, 68, 32),
    ...word(94, 25, "dog", "soft"),
    cross(88, 15, 12),
    ...word(94, 48, "cat", "warm"),
  ],
  "logit-lens": [
    ...[46, 34, 22, 10].map((y, i) => rect(10, y, 40, 9, i === 1 ? "fill" : "soft", { rx: 2 })),
    path("M50 38H62V32", "accent"),
    arrow(62, 32, 76, 32, "accent"),
    ...word(98, 36, "cat?"),
  ],
  "teacher-forcing": [
    ...["A", "dog", "runs"].flatMap((text, i) => word([18, 54, 96][i], 24, text, "soft")),
    ...[0, 1, 2].flatMap((i) => [
      arrow([18, 54, 96][i], 30, [18, 54, 96][i], 40),
      label([18, 54, 96][i], 54, [".9", ".7", ".8"][i], "muted", 9),
    ]),
  ],
  "frozen-answer": [
    ...photo(6, 8, 30, 22),
    ...photo(6, 36, 30, 22),
    rect(14, 42, 14, 16, "ink"),
    ...[19, 47].flatMap((y, i) => [
      arrow(40, y, 54, y),
      label(72, y + 3, "a dog", "ink", 9),
      label(106, y + 3, [".9", ".2"][i], "muted", 9),
    ]),
  ],
  reliance: [
    label(26, 60, "picture", "muted", 8),
    ...bars(16, 50, [40], "fill", 20),
    label(90, 60, "blank", "muted", 8),
    ...bars(80, 50, [12], "soft", 20),
    arrow(60, 12, 60, 38, "other"),
  ],
  "no-image-score": [
    rect(8, 14, 44, 36, "line"),
    cross(18, 20, 24),
    arrow(58, 32, 74, 32),
    label(96, 36, "p = .2", "ink", 10),
  ],
  faithfulness: [
    ...cells(8, 12, 10, SPOT),
    path("M54 28H66M54 36H66", "line"),
    label(60, 22, "?", "ink", 10),
    ...photo(72, 12, 40, 40),
    dot(96, 34, 9, "accent"),
  ],
  deletion: hiding(["0000", "0990", "0990", "0000"], FALL),
  insertion: hiding(["9999", "9009", "9009", "9999"], RISE),
  area: [
    axes(16, 54, 90, 46),
    path("M16 12L40 20L60 42L80 50L106 52V54H16Z", "soft"),
    curve(
      [
        [16, 12],
        [40, 20],
        [60, 42],
        [80, 50],
        [106, 52],
      ],
      "accent",
    ),
  ],
  fill: [
    rect(8, 18, 30, 28, "soft"),
    ...cells(46, 18, 7, ["3716", "6183", "2749", "8315"], "ink"),
    rect(82, 18, 30, 28, "ink"),
    label(23, 58, "mean", "muted", 7),
    label(60, 58, "noise", "muted", 7),
    label(97, 58, "black", "muted", 7),
  ],
  "random-order": [
    ...cells(6, 12, 11, ["0900", "0009", "9000", "0090"], "ink"),
    axes(64, 54, 48, 44),
    curve(SLOW, "other"),
    curve(FALL, "accent"),
  ],
  control: [
    ...cells(8, 12, 10, ["0220", "2882", "2882", "0220"]),
    label(28, 62, "centre", "muted", 7),
    ...photo(72, 12, 40, 40).map((shape) => ({ ...shape, look: "accent" as const })),
    label(92, 62, "edges", "muted", 7),
  ],
  selectivity: [
    ...bars(20, 52, [40, 10, 8, 12], "fill", 14),
    path("M14 52H100", "line"),
    label(27, 62, "dog", "ink", 8),
    label(70, 62, "other words", "muted", 7),
  ],
  "sanity-check": beside(SPOT, "≠", ALL),
  agreement: beside(SPOT, "≈", ["0000", "0560", "0390", "0020"]),
  "planted-model": [
    rect(30, 8, 60, 40, "line"),
    dot(56, 30, 12, "soft"),
    rect(74, 34, 12, 10, "warm"),
    arrow(112, 52, 90, 42, "other"),
    label(60, 60, "because of this mark", "muted", 8),
  ],
  mask: [rect(30, 8, 60, 48, "line"), path("M46 44Q40 20 60 18Q84 20 78 40Q70 54 46 44Z", "fill")],
  iou: [
    rect(24, 12, 44, 32, "soft"),
    rect(50, 22, 44, 32, "soft"),
    rect(50, 22, 18, 22, "fill"),
    rect(24, 12, 44, 32, "line"),
    rect(50, 22, 44, 32, "line"),
  ],
  "obj-iou": [
    path("M34 46Q26 18 54 14Q84 16 78 42Q66 56 34 46Z", "line"),
    ...cells(42, 20, 11, ["787", "898", "676"]),
    label(104, 36, "mask", "muted", 8),
  ],
  "func-iou": [
    ...word(24, 36, "of"),
    arrow(40, 32, 58, 32),
    ...cells(66, 12, 10, ["0000", "0100", "0000", "0010"]),
    label(113, 36, "✓", "ink", 10),
  ],
  "f1-iou": [
    label(20, 26, "Obj", "ink", 9),
    rect(38, 18, 70, 10, "soft"),
    rect(38, 18, 56, 10, "fill"),
    label(20, 48, "Func", "ink", 9),
    rect(38, 40, 70, 10, "soft"),
    rect(38, 40, 62, 10, "fill"),
  ],
  attention: [
    ...[20, 44, 68].map((x) => dot(x, 50, 5, "soft")),
    dot(98, 14, 6, "fill"),
    path("M23 46L93 16", "faint"),
    path("M48 46L93 17", "accent"),
    path("M72 46L94 19", "faint"),
  ],
  rollout: [
    ...[12, 32, 52].flatMap((y) => [30, 60, 90].map((x) => dot(x, y, 4, "soft"))),
    path("M60 16L90 28M60 16L60 28M90 36L90 48M60 36L30 48M60 36L60 48", "accent"),
    dot(60, 12, 5, "fill"),
  ],
  relevancy: [
    ...cells(8, 12, 10, BOTH),
    label(57, 36, "×"),
    label(66, 36, "∇", "ink", 12),
    arrow(74, 32, 84, 32),
    ...cells(88, 16, 7, SPOT),
  ],
  "gradient-x-input": [
    ...vector(24, 8, "3715294"),
    label(48, 36, "×"),
    label(66, 37, "∇", "ink", 14),
    arrow(78, 32, 92, 32),
    ...cells(98, 25, 14, ["6"]),
  ],
  "integrated-gradients": [
    path("M12 52L108 14", "faint"),
    ...[0, 1, 2, 3, 4].map((i) => dot(12 + 24 * i, 52 - 9.5 * i, 4, i === 4 ? "fill" : "soft")),
    label(26, 34, "mean", "muted", 8),
    label(96, 40, "true", "muted", 8),
  ],
  occlusion: [...photo(34, 8, 52, 48), rect(44, 18, 16, 16, "ink"), arrow(62, 26, 80, 26, "other")],
  rise: [
    ...cells(6, 18, 7, ["9009", "0990", "9000", "0099"], "ink"),
    label(42, 36, "+"),
    ...cells(48, 18, 7, ["0099", "9009", "0900", "9900"], "ink"),
    label(84, 36, "="),
    ...cells(90, 18, 7, SPOT),
  ],
  arc: [
    ...word(24, 20, "red"),
    ...word(96, 20, "car", "soft"),
    ...["1 2 3", "2 1 4"].map((text, i) => label([24, 96][i], 44, text, "muted", 10)),
    path("M44 40H74", "accent"),
    label(60, 56, "alike?", "muted", 8),
  ],
  msea: [
    ...photo(6, 24, 20, 18),
    ...photo(32, 18, 30, 28),
    ...photo(68, 10, 44, 40),
    label(60, 62, "mean of all", "muted", 8),
  ],
  "dex-ar": [
    ...[46, 34, 22, 10].map((y) => rect(8, y, 36, 9, "soft", { rx: 2 })),
    ...[26, 38].map((y) => arrow(70, y, 48, y, "accent")),
    label(59, 18, "∇", "ink", 11),
    ...cells(78, 16, 8, SPOT),
  ],
  eagle: [
    rect(30, 8, 60, 48, "line"),
    path("M30 24H54V8M54 24L62 40H90M62 40V56", "faint"),
    path("M54 8H90V40H62L54 24Z", "soft"),
    label(74, 28, "1", "ink", 10),
    label(44, 44, "2", "muted", 10),
  ],
};
