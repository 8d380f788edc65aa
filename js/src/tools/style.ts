/** The tools' own style sheet. */

import { scale } from "../../../tam_widgets/contract.json";

export const STYLE = `
.tam-drawer {
  margin: -6px 0 14px;
  padding-bottom: 10px;
  border-bottom: 1px solid var(--tam-line);
  font-size: 13px;
  outline: none;
}
.tam-drawer-head {
  display: flex;
  justify-content: space-between;
  align-items: baseline;
  gap: 12px;
}
.tam-drawer h2, .tam-drawer h3 {
  margin: 0;
  color: var(--tam-text);
  font: inherit;
  font-weight: 600;
}
.tam-drawer p { margin: 0; }
.tam-drawer-body {
  overflow-y: auto;
  max-height: min(34rem, 66vh);
  padding: 3px;
  margin: 0 -3px;
}
/* what goes on below is seen to do so */
.tam-drawer[data-tool="help"] .tam-drawer-body {
  padding-bottom: 24px;
  mask-image: linear-gradient(#000 calc(100% - 24px), transparent);
}
.tam-drawer .tam-button, .tam-invitation .tam-button {
  border-color: light-dark(rgb(0 0 0 / 22%), rgb(255 255 255 / 28%));
}
.tam-drawer .tam-primary {
  border-color: var(--tam-accent);
  background: var(--tam-accent);
  color: var(--tam-on-accent);
}
.tam-toolbar .tam-button[aria-expanded="true"] { background: var(--tam-hover); }
.tam-actions {
  display: flex;
  flex-wrap: wrap;
  gap: 6px 8px;
  align-items: center;
}
.tam-miniature {
  display: block;
  max-width: 100%;
  border-radius: 3px;
  background: var(--tam-hover);
}
.tam-drawer .tam-choice-picture {
  display: flex;
  flex-direction: column;
  min-width: 0;
  height: auto;
  padding: 2px;
  border: 1px solid transparent;
  border-radius: 5px;
  background: none;
  color: var(--tam-muted);
  font: inherit;
  font-size: 12px;
  line-height: 18px;
  text-align: start;
  cursor: pointer;
}
.tam-drawer .tam-choice-picture:hover { background: var(--tam-hover); }
.tam-drawer .tam-choice-picture[aria-pressed="true"] {
  border-color: var(--tam-accent);
  color: var(--tam-text);
}

.tam-lessons {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr));
  gap: 18px 26px;
  margin-top: 8px;
}
.tam-notes { display: contents; }
.tam-lesson { min-width: 0; }
.tam-lesson p { color: var(--tam-muted); line-height: 1.45; }
.tam-lesson > p, .tam-lesson > div { margin-top: 3px; }
.tam-choices { display: flex; flex-wrap: wrap; gap: 2px; margin-left: -3px; }
.tam-choices .tam-choice-picture { flex: 0 1 82px; }
.tam-choices .tam-miniature { max-height: 110px; }
.tam-lesson .tam-live { color: var(--tam-text); }
.tam-live b { font-weight: 600; font-variant-numeric: tabular-nums; }
.tam-ramp { display: block; width: 100%; max-width: 260px; height: 9px; border-radius: 2px; }
.tam-earlier {
  padding: 1px 3px;
  margin-right: 6px;
  border-radius: 3px;
  background: color-mix(in srgb, var(--tam-accent) calc(46% * var(--tam-share)), transparent);
}

.tam-row-title { margin: 8px 0 2px; color: var(--tam-muted); font-size: 12px; }
.tam-all {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(104px, 1fr));
  gap: 4px;
  align-items: start;
}
.tam-all .tam-miniature { max-width: 100%; }
.tam-drawer .tam-all .tam-choice-picture[data-current] { background: var(--tam-hover); }
.tam-below { display: flex; gap: 6px; justify-content: space-between; width: 100%; }
.tam-below > :first-child {
  overflow: hidden;
  color: var(--tam-text);
  text-overflow: ellipsis;
  white-space: nowrap;
}
.tam-below > :last-child { font-variant-numeric: tabular-nums; }

.tam-difference { display: flex; flex-wrap: wrap; gap: 14px 32px; }
.tam-difference > * { flex: 1 1 300px; min-width: 0; }
.tam-difference .tam-figures { flex: 0 1 400px; }
.tam-difference .tam-pictures { margin: 6px 0; }
.tam-drawer[data-tool="difference"] .tam-drawer-body { max-height: none; }
.tam-differences { display: flex; flex-wrap: wrap; gap: 6px; margin-bottom: 6px; }
.tam-differences .tam-figure { flex: 0 0 auto; width: min(250px, calc(250px * var(--tam-aspect)), 58vw); }
.tam-differences .tam-photo { filter: grayscale(1); }
.tam-difference .tam-legend { width: 96px; }
.tam-side {
  display: inline-block;
  width: 11px;
  height: 11px;
  margin-right: 6px;
  border-radius: 2px;
  vertical-align: -1px;
  forced-color-adjust: none;
}
.tam-side.tam-above { background: ${scale.above[1]}; }
.tam-side.tam-below { background: ${scale.below[1]}; }
.tam-numbers-of-word b, .tam-agreement td { font-variant-numeric: tabular-nums; }
.tam-words { overflow-y: auto; max-height: 13rem; margin-top: 8px; }
.tam-agreement { border-collapse: collapse; font-size: inherit; }
.tam-agreement :is(th, td) {
  padding: 0 14px 0 0;
  border: 0;
  background: none;
  font-weight: 400;
  text-align: start;
}
.tam-agreement thead th { color: var(--tam-muted); font-size: 12px; }
.tam-agreement td { text-align: end; }

.tam-code {
  box-sizing: border-box;
  overflow: auto;
  max-width: 100%;
  max-height: 12rem;
  margin: 6px 0;
  padding: 8px 10px;
  border-radius: 4px;
  background: var(--tam-hover);
  color: var(--tam-text);
  font: 12px / 1.5 ui-monospace, monospace;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}

.tam-drawer[data-tool="tour"] {
  position: sticky;
  top: 0;
  z-index: 3;
  padding: 8px 12px;
  border: 1px solid var(--tam-line);
  border-radius: 6px;
  background: var(--tam-surface);
}
.tam-drawer[data-tool="tour"] p {
  min-height: 4.5em;
  max-width: 60em;
  margin-bottom: 6px;
  line-height: 1.5;
}
.tam-wide [data-tool="tour"] p { min-height: 3em; }
/* no wider than the view's own padding: a host cuts off what is outside */
.tam-target {
  border-radius: 4px;
  outline: 2px solid var(--tam-accent) !important;
}
.tam-done::before { color: var(--tam-accent); content: "✓ "; }
.tam-invitation {
  display: flex;
  flex-wrap: wrap;
  gap: 4px 8px;
  align-items: center;
  margin: -6px 0 12px;
  color: var(--tam-muted);
  font-size: 12px;
}

@media (forced-colors: active) {
  .tam-choice-picture[aria-pressed="true"] { outline: 2px solid Highlight; }
}
`;
