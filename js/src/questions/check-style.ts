/** The style sheet of checks. */

export const STYLE = `
.tam-check { max-width: 460px; }
.tam-check > * + * { margin-top: 6px; }
.tam-check-word { font-weight: 600; overflow-wrap: anywhere; }
.tam-either { display: grid; }
.tam-either > span, .tam-either::after { grid-area: 1 / 1; }
.tam-either::after { visibility: hidden; content: attr(data-other); }
.tam-check progress { width: 120px; height: 8px; accent-color: var(--tam-accent); }
.tam-check .tam-set .tam-output { width: auto; min-width: 4em; }
.tam-check .tam-set .tam-button { font-size: 12px; }
.tam-curve { margin-top: 6px; }
.tam-curve > svg {
  display: block;
  width: 100%;
  height: auto;
  cursor: col-resize;
  touch-action: pan-y;
  user-select: none;
}
.tam-curve text { fill: var(--tam-muted); font-size: 11.5px; font-variant-numeric: tabular-nums; }
.tam-check svg path { fill: none; stroke: var(--tam-muted); }
.tam-check svg .tam-curve-axes { stroke: light-dark(rgb(0 0 0 / 30%), rgb(255 255 255 / 35%)); }
.tam-check svg .tam-line-band {
  fill: light-dark(rgb(0 0 0 / 9%), rgb(255 255 255 / 13%));
  stroke: none;
}
.tam-check svg .tam-line-random { stroke-dasharray: 5 3; stroke-width: 1.2; }
.tam-check svg .tam-line-centre { stroke-width: .8; }
.tam-check svg .tam-line-mask {
  stroke: var(--tam-inside);
  stroke-dasharray: 8 2 2 2;
  stroke-width: 1.4;
}
.tam-check svg .tam-line-blank {
  stroke: var(--tam-text);
  stroke-dasharray: 1.5 3;
  stroke-width: 1.2;
}
.tam-check svg .tam-line-method {
  stroke: var(--tam-accent);
  stroke-linejoin: round;
  stroke-width: 2;
}
.tam-check .tam-curve-points circle { fill: var(--tam-accent); }
.tam-check .tam-curve-mark path { stroke: var(--tam-text); stroke-width: .8; }
.tam-check .tam-curve-mark circle {
  fill: var(--tam-accent);
  stroke: light-dark(#fff, #16191d);
  stroke-width: 1.5;
}
.tam-curve-key {
  display: flex;
  flex-wrap: wrap;
  gap: 1px 14px;
  margin: 4px 0 0;
  padding: 0;
  color: var(--tam-muted);
  font-size: 12px;
  line-height: 18px;
  list-style: none;
}
.tam-curve-key[hidden] { display: none; }
.tam-curve-key svg { width: 28px; height: 10px; margin-right: 6px; }
.tam-root .tam-check input[type="range"] {
  display: block;
  width: 93%;
  margin: 0 0 0 6.5%;
}
.tam-check-value { display: block; font-size: 12px; font-variant-numeric: tabular-nums; }
.tam-check .tam-note { line-height: 18px; }
.tam-check-result + .tam-note { margin-top: 8px; }
.tam-stage.tam-greyed > .tam-overlay { visibility: hidden; }
@media (forced-colors: active) {
  .tam-check svg path, .tam-check svg :is(.tam-line-centre, .tam-line-mask) { stroke: CanvasText; }
  .tam-check svg .tam-line-band { fill: none; stroke: GrayText; stroke-dasharray: 1 2; }
  .tam-check svg .tam-line-method { stroke: Highlight; }
  .tam-check svg circle { fill: Highlight; }
  .tam-curve text { fill: CanvasText; }
}
`;
