/** The style sheet of “what if”. */

export const STYLE = `
.tam-root fieldset {
  display: flex;
  flex-wrap: wrap;
  gap: 6px 8px;
  min-width: 0;
  margin: 0;
  padding: 0;
  border: 0;
}
.tam-root .tam-way {
  flex-direction: column;
  margin-top: 8px;
}
.tam-way > * { max-width: 100%; }
.tam-root :is(.tam-way > .tam-set, .tam-way + .tam-set) {
  gap: 6px 8px;
  margin-left: 0;
}
.tam-way .tam-output { width: auto; }
.tam-way .tam-control { margin-right: 6px; }
.tam-way input[type="text"], .tam-way textarea {
  box-sizing: border-box;
  margin: 0;
  padding: 1px 6px;
  border: 1px solid light-dark(rgb(0 0 0 / 30%), rgb(255 255 255 / 38%));
  border-radius: 5px;
  background: var(--tam-surface);
  color: var(--tam-text);
  font: inherit;
}
.tam-way input[type="text"] {
  width: 11em;
  height: 24px;
}
.tam-way textarea {
  width: 100%;
  min-height: 3.4em;
  resize: vertical;
}
.tam-way textarea:focus-visible {
  outline: 2px solid var(--tam-accent);
  outline-offset: 1px;
}
.tam-questions .tam-button:disabled {
  opacity: 0.5;
  cursor: default;
}
.tam-way + .tam-set { margin-top: 8px; }
.tam-way + .tam-set:has(> [role="status"]:empty) { display: none; }

.tam-painter {
  z-index: 2;
  cursor: crosshair;
  touch-action: pinch-zoom;
}
.tam-brush {
  position: absolute;
  z-index: 2;
  aspect-ratio: 1;
  border-radius: 50%;
  box-shadow: 0 0 0 1px #fff, 0 0 0 2px rgb(0 0 0 / 60%);
  pointer-events: none;
  transform: translate(-50%, -50%);
}

.tam-steps {
  margin: -6px 0 12px;
  font-size: 12px;
}
.tam-steps > ol {
  overflow-y: auto;
  max-height: 84px;
  margin: 0;
  padding: 2px;
  list-style: none;
}
.tam-steps > ol:focus-visible {
  outline: 2px solid var(--tam-accent);
}
.tam-steps li {
  display: flex;
  flex-wrap: wrap;
  gap: 2px 5px;
  align-items: center;
  padding-left: calc(14px * var(--tam-depth));
  line-height: 24px;
}
.tam-steps :is(.tam-button, .tam-step, .tam-count) {
  overflow: hidden;
  min-width: 0;
  max-width: 26em;
  text-overflow: ellipsis;
  white-space: nowrap;
}
.tam-steps .tam-step { padding: 0 5px; }
.tam-steps .tam-button { border-color: transparent; }
.tam-steps .tam-button:hover { border-color: var(--tam-line); }
.tam-steps [aria-current] { font-weight: 600; }
.tam-steps .tam-button[aria-current] {
  border: 1px solid var(--tam-accent);
  border-radius: 5px;
  background: color-mix(in srgb, var(--tam-accent) 16%, transparent);
}
.tam-steps[aria-busy] { cursor: progress; }
.tam-link {
  display: inline-flex;
  gap: 5px;
  align-items: center;
  min-width: 0;
  max-width: 100%;
}
.tam-arrow {
  flex: none;
  color: var(--tam-muted);
}
.tam-steps > p { margin: 0; }
.tam-steps > p:empty { display: none; }

.tam-when-asked { color: var(--tam-text); }
.tam-stepped u.tam-alone, .tam-stepped :where(.tam-alone) .tam-token-text {
  font-weight: 600;
  text-decoration: underline double 1px var(--tam-accent);
  text-underline-offset: 3px;
}
`;
