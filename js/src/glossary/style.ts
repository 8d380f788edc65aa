/** The glossary's own style sheet. */
import { lookStyle } from "./looks";

const LOOKS = lookStyle({
  ink: "var(--tam-text)",
  muted: "var(--tam-muted)",
  accent: "var(--tam-accent)",
  other: "var(--tam-inside)",
});

export const STYLE = `
${LOOKS}
.tam-entry-picture {
  flex: none;
  width: 120px;
  height: 64px;
  font-family: system-ui, sans-serif;
}
.tam-root .tam-term {
  display: inline;
  height: auto;
  margin: 0;
  padding: 0;
  border: 0;
  background: none;
  color: inherit;
  font: inherit;
  text-align: inherit;
  text-decoration: underline dotted 1px;
  text-underline-offset: 3px;
  cursor: help;
}
.tam-root .tam-term:is(:hover, [aria-expanded="true"]) {
  color: var(--tam-text);
  text-decoration: underline 1.5px var(--tam-accent);
}
.tam-root .tam-term:focus-visible { outline: 2px solid var(--tam-accent); outline-offset: 1px; }
.tam-entry {
  display: flex;
  flex-wrap: wrap;
  gap: 4px 14px;
  align-items: flex-start;
  min-width: 0;
  font-size: 13px;
  line-height: 1.45;
}
.tam-entry > div { flex: 1 1 150px; min-width: 0; }
.tam-root .tam-entry p { margin: 0; color: var(--tam-text); }
.tam-entry-see { color: var(--tam-muted); }
.tam-opened-entry {
  margin: 6px 0;
  padding: 6px 8px;
  border-left: 3px solid var(--tam-accent);
  border-radius: 3px;
  background: var(--tam-hover);
}
.tam-terms { margin: 6px 0 0; color: var(--tam-muted); font-size: 12px; line-height: 1.6; }

.tam-glossary-tools { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin-bottom: 10px; }
.tam-glossary-tools input {
  flex: 0 1 18em;
  min-width: 0;
  height: 28px;
  padding: 0 8px;
  border: 1px solid var(--tam-muted);
  border-radius: 5px;
  background: transparent;
  color: var(--tam-text);
  font: inherit;
}
.tam-glossary h2 { margin: 14px 0 8px; color: var(--tam-text); font: inherit; font-weight: 600; }
.tam-entries {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr));
  gap: 16px 28px;
}
.tam-entries .tam-entry { padding: 4px; border-radius: 4px; scroll-margin: 12px; outline: none; }
.tam-entries .tam-entry[data-current] { background: var(--tam-hover); box-shadow: -3px 0 0 var(--tam-accent); }
@media (forced-colors: active) {
  .tam-entry-picture { --tam-accent: Highlight; --tam-inside: LinkText; --tam-text: CanvasText; --tam-muted: GrayText; }
  .tam-entries .tam-entry[data-current], .tam-opened-entry { outline: 2px solid Highlight; }
}
`;
