/** The questions' own style sheet. */

export const STYLE = `
.tam-questions { margin-top: 8px; font-size: 13px; }
.tam-questions .tam-button {
  border-color: light-dark(rgb(0 0 0 / 22%), rgb(255 255 255 / 28%));
}
.tam-questions .tam-button[aria-expanded="true"] { background: var(--tam-hover); }
.tam-questions p { margin: 0; }
.tam-question > section { margin-top: 8px; }
.tam-question > section:empty { display: none; }
`;
