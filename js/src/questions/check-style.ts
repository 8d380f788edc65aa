/** The style sheet of checks. */

export const STYLE = `
.tam-check { max-width: 460px; }
.tam-check-word { font-weight: 600; overflow-wrap: anywhere; }
.tam-check > * + * { margin-top: 6px; }
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
.tam-curve text { fill: var(--tam-muted); font-size: 11px; font-variant-numeric: tabular-nums; }
.tam-curve path { fill: none; stroke: var(--tam-muted); }
.tam-curve .tam-curve-axes { stroke: var(--tam-line); }
.tam-curve .tam-line-band {
  fill: light-dark(rgb(0 0 0 / 9%), rgb(255 255 255 / 13%));
  stroke: none;
}
.tam-curve .tam-line-random { stroke-dasharray: 5 3; stroke-width: 1.2; }
.tam-curve .tam-line-centre { stroke-width: .8; }
.tam-curve .tam-line-mask { stroke: var(--tam-inside); stroke-dasharray: 8 2 2 2; stroke-width: 1.2; }
.tam-curve .tam-line-blank { stroke: var(--tam-text); stroke-dasharray: 1.5 3; stroke-width: 1.2; }
.tam-curve .tam-line-method { stroke: var(--tam-accent); stroke-width: 2; stroke-linejoin: round; }
.tam-curve-points circle { fill: var(--tam-accent); }
.tam-curve-mark path { stroke: var(--tam-text); stroke-width: .8; }
.tam-curve-mark circle { fill: var(--tam-accent); stroke: light-dark(#fff, #16191d); stroke-width: 1.5; }
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
.tam-curve-key svg { width: 28px; height: 10px; margin-right: 6px; }
.tam-root .tam-check input[type="range"] {
  display: block;
  width: 91%;
  margin: 4px 0 2px 8%;
}
.tam-check-value {
  display: block;
  color: var(--tam-text);
  font-size: 12px;
  font-variant-numeric: tabular-nums;
}
.tam-check .tam-note { line-height: 18px; }
.tam-stage.tam-greyed > .tam-overlay { visibility: hidden; }
@media (forced-colors: active) {
  .tam-curve path, .tam-curve .tam-curve-axes { stroke: CanvasText; }
  .tam-curve text { fill: CanvasText; }
  .tam-curve .tam-line-band { fill: none; stroke: GrayText; stroke-dasharray: 1 2; }
  .tam-curve .tam-line-method { stroke: Highlight; }
  .tam-curve-points circle, .tam-curve-mark circle { fill: Highlight; }
}
`;
