/** The style sheet of the bars of visual reliance. A box's bars take their place. */

export const STYLE = `
.tam-root { --tam-reliance: light-dark(#0b7285, #66d9e8); }
.tam-strip[data-reliance]:not([data-shading="inside"]) [data-carried] {
  position: relative;
}
.tam-strip[data-reliance]:not([data-shading="inside"]) [data-carried]::after {
  position: absolute;
  bottom: -3px;
  left: 1px;
  width: calc((100% - 2px) * var(--tam-carried));
  height: 2px;
  background: var(--tam-reliance);
  content: "";
  pointer-events: none;
}
/* below the ring of a locked word */
.tam-strip[data-reliance] .tam-token[aria-selected="true"] [data-carried]::after { bottom: -6px; }
.tam-reliance { margin-top: 4px; color: var(--tam-muted); font-size: 12px; }
.tam-reliance-sample {
  display: inline-block;
  width: 22px;
  height: 2px;
  margin-right: 6px;
  background: var(--tam-reliance);
  vertical-align: 3px;
}
.tam-reliance-numbers {
  overflow: hidden;
  color: var(--tam-text);
  font-variant-numeric: tabular-nums;
  text-overflow: ellipsis;
  white-space: nowrap;
}
@media (forced-colors: active) {
  .tam-root { --tam-reliance: CanvasText; }
  .tam-reliance-sample { forced-color-adjust: none; }
}
`;
