/** The anatomy's own style sheet. */

export const STYLE = `
.tam-anatomy {
  /* a notebook's bars leave this much of the window */
  --tam-room: clamp(28rem, 100vh - 130px, 56rem);
  --tam-figure: clamp(8rem, var(--tam-room) - 400px, 17rem);

  font-size: 14px;
}
.tam-anatomy:focus { outline: 0; }
#tam .tam-anatomy { --tam-room: clamp(28rem, 100vh - 28px, 60rem); }
.tam-anatomy-large { font-size: 16px; }
.tam-anatomy :is(h2, h3, p, ol, ul, figure) { margin: 0; padding: 0; font: inherit; }
.tam-anatomy ol { list-style: none; }
.tam-hidden { position: absolute; overflow: hidden; width: 1px; height: 1px; clip-path: inset(50%); }
.tam-anatomy-head { display: flex; gap: 4px 16px; align-items: baseline; }
.tam-anatomy .tam-anatomy-head h2 { flex: none; font-weight: 600; max-width: 100%; overflow-wrap: anywhere; }
.tam-answer-line {
  flex: 1 1 0;
  overflow: hidden;
  min-width: 0;
  color: var(--tam-muted);
  text-overflow: ellipsis;
  white-space: nowrap;
}
.tam-answer-line mark {
  padding: 1px 2px;
  border-radius: 3px;
  background: var(--tam-accent);
  color: var(--tam-on-accent);
}
.tam-anatomy:not(.tam-anatomy-wide) .tam-anatomy-head { flex-wrap: wrap; }
.tam-anatomy:not(.tam-anatomy-wide) .tam-answer-line { flex-basis: 100%; }
.tam-anatomy .tam-button {
  border-color: light-dark(rgb(0 0 0 / 22%), rgb(255 255 255 / 28%));
  font-size: 12px;
}
.tam-anatomy .tam-button:disabled { opacity: .4; cursor: default; }

.tam-step-row { display: flex; gap: 3px; margin: 10px 0 14px !important; }
.tam-step-row > li { flex: 1 1 0; min-width: 0; }
.tam-anatomy-wide .tam-step-row { flex-wrap: wrap; }
.tam-anatomy-wide .tam-step-row > li { flex: 1 0 calc(20% - 3px); }
.tam-anatomy-line .tam-step-row > li { flex: 1 1 auto; }
.tam-step-button {
  width: 100%;
  padding: 3px 0 2px;
  overflow: hidden;
  border: 0;
  border-top: 2px solid var(--tam-line);
  background: none;
  color: var(--tam-muted);
  font: inherit;
  font-size: 12px;
  line-height: 20px;
  text-align: start;
  text-overflow: ellipsis;
  white-space: nowrap;
  cursor: pointer;
}
.tam-step-button b { margin-right: 5px; font-weight: 600; }
.tam-step-button:hover { border-color: var(--tam-muted); color: var(--tam-text); }
.tam-step-button[aria-current] { border-color: var(--tam-accent); color: var(--tam-text); }
.tam-anatomy:not(.tam-anatomy-wide) .tam-step-button { min-height: 32px; text-align: center; }
.tam-anatomy:not(.tam-anatomy-wide) .tam-step-button b { margin: 0; }
.tam-anatomy:not(.tam-anatomy-wide) .tam-step-button span {
  position: absolute; overflow: hidden; width: 1px; height: 1px; clip-path: inset(50%);
}

.tam-anatomy-room { display: grid; gap: 14px 32px; }
.tam-anatomy-wide .tam-anatomy-room {
  --tam-image-height: clamp(14rem, var(--tam-room) - 216px, 38rem);

  grid-template-columns: minmax(0, min(43%, var(--tam-image-height) * var(--tam-aspect))) minmax(0, 1fr);
  gap: 14px 24px;
}
.tam-anatomy-line .tam-anatomy-room { --tam-image-height: clamp(14rem, var(--tam-room) - 190px, 38rem); }
.tam-anatomy-large .tam-anatomy-room { column-gap: 32px; }
.tam-anatomy-left, .tam-anatomy-right { min-width: 0; }
.tam-anatomy:not(.tam-anatomy-wide) .tam-anatomy-picture { --tam-image-height: min(22rem, 44vh); }
.tam-anatomy-picture .tam-stage:focus-visible { outline: 2px solid var(--tam-accent); outline-offset: 2px; }
.tam-anatomy .tam-other { outline-style: dashed; opacity: .85; }
.tam-grid-lines { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; }
.tam-grid-lines path { fill: none; stroke: rgb(255 255 255 / 60%); stroke-width: 1; mix-blend-mode: difference; }
.tam-anatomy-legend {
  display: flex;
  gap: 6px;
  align-items: center;
  margin-top: 6px;
  font-size: 12px;
  font-variant-numeric: tabular-nums;
  line-height: 18px;
}
.tam-anatomy-legend .tam-legend-bar {
  flex: none;
  width: 90px;
  height: 9px;
  border-radius: 2px;
  background: repeating-conic-gradient(light-dark(#d9dce0, #4b5159) 0 25%, light-dark(#fff, #33383e) 0 50%) 0 0 / 6px 6px;
}
.tam-what { overflow: hidden; margin-left: 6px; color: var(--tam-muted); text-overflow: ellipsis; white-space: nowrap; }
.tam-anatomy .tam-reading {
  overflow: hidden;
  height: 24px;
  margin-top: 2px;
  color: var(--tam-muted);
  font-size: 13px;
  line-height: 24px;
  text-overflow: ellipsis;
  white-space: nowrap;
}
.tam-anatomy:not(.tam-anatomy-line) .tam-reading { height: 44px; line-height: 22px; white-space: normal; }
.tam-step-control {
  display: flex;
  flex-wrap: wrap;
  gap: 6px 8px;
  align-items: center;
  min-height: 32px;
  color: var(--tam-muted);
  font-size: 13px;
}
.tam-anatomy:not(.tam-anatomy-wide) .tam-step-control { min-height: 70px; align-content: flex-start; }
.tam-root .tam-step-control input[type="range"] { flex: 1 1 120px; max-width: 300px; height: 28px; }
.tam-step-control > .tam-note { flex: 1 0 100%; }
.tam-step-control .tam-output { width: 3.4em; }
.tam-exact { color: var(--tam-text); font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }

.tam-anatomy .tam-button .tam-exact { color: inherit; }

.tam-step-head { display: flex; gap: 6px; align-items: center; }
.tam-anatomy .tam-step-title { flex: 1; font-size: 1.2em; font-weight: 600; line-height: 1.3; overflow-wrap: anywhere; }
.tam-step-head .tam-button { min-width: 32px; height: 28px; }
.tam-step-body > * + * { margin-top: 10px; }
.tam-anatomy .tam-check { width: min(100%, var(--tam-figure) * 2); max-width: none; }
.tam-plot-title { display: flex; gap: .4em; align-items: center; color: var(--tam-muted); font-size: 13px; }
.tam-step-text { margin-top: 6px; max-width: 72ch; line-height: 1.5; }
.tam-verdict { display: block; margin-top: 4px; font-weight: 400; }
.tam-anatomy-large .tam-verdict { font-weight: 600; }
.tam-equation { display: grid; gap: 8px; overflow-x: auto; overflow-y: hidden; padding: 4px 0; }
.tam-equation math { width: fit-content; margin: 0; font-size: 1.12em; }
.tam-equation mn[data-number] { color: var(--tam-accent-text, var(--tam-text)); font-weight: 600; }
.tam-step-figure > * + * { margin-top: 8px; }
.tam-anatomy .tam-note { font-size: 13px; line-height: 18px; }

.tam-drawing { display: block; width: min(100%, var(--tam-figure) * var(--tam-ratio)); max-width: 34em; height: auto; overflow: visible; }
.tam-drawing text { fill: var(--tam-muted); font-size: 12px; font-variant-numeric: tabular-nums; }
.tam-drawing text[data-number] { fill: var(--tam-text); }
.tam-drawing path { fill: none; }
.tam-drawing .tam-plot-axis { stroke: light-dark(rgb(0 0 0 / 30%), rgb(255 255 255 / 35%)); }
.tam-drawing .tam-curve-line { stroke: var(--tam-accent); stroke-width: 2; stroke-linejoin: round; }
.tam-drawing .tam-mark-line { stroke: var(--tam-muted); stroke-dasharray: 4 3; }
.tam-drawing .tam-dot { fill: var(--tam-accent); stroke: light-dark(#fff, #16191d); stroke-width: 1.5; }
.tam-drawing .tam-tick { stroke: var(--tam-text); stroke-width: 1; opacity: .3; }
.tam-drawing .tam-tick-now { stroke: var(--tam-accent); stroke-width: 2.5; opacity: 1; }
.tam-drawing.tam-dragged { cursor: ew-resize; touch-action: pan-y; user-select: none; }
.tam-drawing .tam-bar-value { fill: var(--tam-accent); }
.tam-drawing .tam-bar-weight { fill: var(--tam-muted); }

.tam-zoomed { display: grid; gap: 4px; }
.tam-zoom { width: min(var(--tam-figure), 100%); aspect-ratio: 1; border-radius: 4px; background: var(--tam-hover); }
.tam-strips { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 6px 10px; align-items: center; max-width: 480px; font-size: 12px; color: var(--tam-muted); }
.tam-values { display: block; width: 100%; height: 20px; border: 1px solid var(--tam-line); image-rendering: pixelated; cursor: crosshair; }
.tam-anatomy .tam-second { --tam-image-height: calc(var(--tam-figure) - 24px); }

.tam-bars { overflow-y: auto; max-height: max(var(--tam-figure), 10rem); max-width: 560px; }
.tam-bar-row {
  display: grid;
  grid-template-columns: minmax(4.5em, 8em) minmax(0, 1fr) 4.5em;
  gap: 10px;
  align-items: center;
  width: 100%;
  min-height: 24px;
  padding: 0 4px;
  border: 0;
  border-radius: 4px;
  background: none;
  color: var(--tam-text);
  font: inherit;
  font-size: 13px;
  text-align: start;
  cursor: pointer;
}
.tam-bar-row:hover, .tam-bar-row[aria-pressed="true"] { background: var(--tam-hover); }
.tam-bar-row[aria-pressed="true"] .tam-bar-word { font-weight: 600; }
.tam-bar-word { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.tam-bar-track { display: block; height: 9px; }
.tam-bar-length { display: block; width: calc(100% * var(--tam-share)); height: 100%; border-radius: 2px; background: var(--tam-accent); }
.tam-left-out { color: var(--tam-muted); }
.tam-left-out .tam-bar-word { text-decoration: line-through; }
.tam-chips { display: flex; flex-wrap: wrap; gap: 6px; overflow-y: auto; max-height: var(--tam-figure); max-width: 560px; }
.tam-added { padding: 1px 8px; border: 1px solid var(--tam-accent); border-radius: 11px; background: color-mix(in srgb, var(--tam-accent) 12%, transparent); }
.tam-added.tam-off { border-style: dashed; border-color: var(--tam-line); background: none; color: var(--tam-muted); }
.tam-added.tam-off .tam-exact { color: var(--tam-muted); }

.tam-opened { display: flex; flex-wrap: wrap; gap: 6px 24px; align-items: center; }
.tam-opened .tam-drawing { flex: 1 1 300px; max-width: 460px; }
.tam-window { display: grid; grid-template-columns: repeat(3, 52px); gap: 3px; }
.tam-window-cell {
  display: grid;
  place-items: center;
  height: 24px;
  border-radius: 3px;
  background: color-mix(in srgb, var(--tam-accent) calc(30% * var(--tam-share)), var(--tam-hover));
  font-size: 12px;
}
.tam-centre { outline: 2px solid var(--tam-text); outline-offset: -2px; }
.tam-needs { display: grid; gap: 8px; justify-items: start; }
.tam-needs code {
  display: block;
  max-width: 100%;
  margin-top: 4px;
  padding: 6px 9px;
  border-radius: 4px;
  background: var(--tam-hover);
  color: var(--tam-text);
  font: 12px / 1.5 ui-monospace, monospace;
  overflow-wrap: anywhere;
  white-space: pre-wrap;
}
@media (forced-colors: active) {
  .tam-step-button[aria-current] { border-color: Highlight; outline: 1px solid Highlight; }
  .tam-bar-length { background: Highlight; forced-color-adjust: none; }
  .tam-drawing :is(.tam-curve-line, .tam-tick-now) { stroke: Highlight; }
  .tam-drawing :is(.tam-plot-axis, .tam-mark-line, .tam-tick) { stroke: CanvasText; }
  .tam-drawing :is(.tam-dot, .tam-bar-value) { fill: Highlight; }
  .tam-drawing .tam-bar-weight { fill: GrayText; }
  .tam-drawing text, .tam-drawing text[data-number] { fill: CanvasText; }
  .tam-answer-line mark { background: Highlight; color: HighlightText; forced-color-adjust: none; }
}
`;
