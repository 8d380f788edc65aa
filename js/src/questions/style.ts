/** The questions' own style sheet. */

export const STYLE = `
.tam-questions { margin-top: 8px; font-size: 13px; }
.tam-questions .tam-button {
  border-color: light-dark(rgb(0 0 0 / 22%), rgb(255 255 255 / 28%));
}
.tam-questions .tam-button[aria-expanded="true"] { background: var(--tam-hover); }
.tam-root .tam-questions input[type="range"] { height: 24px; }
.tam-questions p { margin: 0; }
.tam-root .tam-failed {
  padding-left: 8px;
  border-left: 3px solid;
  color: light-dark(#a4262c, #ff9d9d);
  font-size: 13px;
}
[data-earlier-layer] .tam-choice > .tam-label::after { content: " after the last layer"; }
.tam-question > section { margin-top: 8px; }
.tam-question > section:empty { display: none; }
.tam-layer-controls { max-width: 400px; }
.tam-layer-plot, .tam-layer-control {
  display: grid;
  grid-template-columns: 42px 1fr 64px;
  align-items: center;
}
.tam-layer-scale {
  display: flex;
  flex-direction: column;
  justify-content: space-between;
  align-self: stretch;
  padding-right: 4px;
  color: var(--tam-muted);
  font-size: 11px;
  line-height: 1.2;
  text-align: right;
}
.tam-layer-curve { display: block; width: 100%; cursor: ew-resize; touch-action: pan-y; }
.tam-root .tam-layer-control input[type="range"] { width: 100%; margin: 2px 0; }
.tam-layer-control output { padding-left: 8px; white-space: nowrap; }
.tam-layer-edge { stroke: var(--tam-line); }
.tam-layer-line { fill: none; stroke: var(--tam-text); stroke-width: 1.6; stroke-linejoin: round; }
.tam-settled { fill: color-mix(in srgb, var(--tam-accent) 16%, transparent); }
.tam-layer-now { stroke: var(--tam-accent); stroke-width: 1.2; }
.tam-layer-dot { fill: var(--tam-accent); stroke: var(--tam-surface); stroke-width: 1.2; }
.tam-layer-said { margin-top: 6px !important; max-width: 62ch; }
@media (forced-colors: active) {
  .tam-questions .tam-button[aria-expanded="true"] { outline: 2px solid Highlight; }
  .tam-layer-line { stroke: CanvasText; }
  .tam-layer-edge { stroke: GrayText; }
  .tam-settled { fill: none; stroke: Highlight; stroke-dasharray: 3 2; }
  .tam-layer-now { stroke: Highlight; }
  .tam-layer-dot { fill: Highlight; stroke: Canvas; }
}
`;
