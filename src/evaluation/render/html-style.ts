/** The style sheet of the page. The colours are the same as on the upload page and in the pictures. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --page: #eef1f6; --card: #ffffff; --text: #1b2330; --soft: #55607a; --line: #d5dbe7; --accent: #1f5fd6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10151e; --card: #19212e; --text: #e7ecf5; --soft: #a5b0c6; --line: #344057; --accent: #7aa9ff;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0; padding: clamp(1rem, 4vw, 3rem) clamp(0.5rem, 3vw, 2rem); background: var(--page); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
}
main, header { max-width: 72rem; margin: 0 auto; }
main { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.25rem; margin-top: 1.25rem; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; }
h2 { margin: 0 0 0.35rem; font-size: 1.2rem; line-height: 1.3; }
p { margin: 0 0 0.75rem; max-width: 44rem; }
a { color: var(--accent); text-underline-offset: 0.2em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.soft { color: var(--soft); }
.note { color: var(--soft); font-size: 0.875rem; }
.code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 0.82rem; overflow-wrap: anywhere; }
header p { margin: 0.4rem 0 0; overflow-wrap: anywhere; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.35rem 1.25rem; margin: 1rem 0 0; padding: 0; list-style: none; }
.card {
  grid-column: 1 / -1; padding: clamp(0.75rem, 3vw, 1.75rem); background: var(--card);
  border: 1px solid var(--line); border-radius: 1rem;
}
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: 1.5rem 1.25rem; margin: 0; }
.facts .first { grid-column: 1 / -1; }
.facts dt { color: var(--soft); font-size: 0.875rem; }
.facts dd { margin: 0; }
.facts .value { font-size: 1.5rem; font-weight: 600; line-height: 1.3; font-variant-numeric: tabular-nums; }
.facts .first .value { font-size: 2.75rem; line-height: 1.15; letter-spacing: -0.02em; }
.facts .detail { color: var(--soft); font-size: 0.82rem; line-height: 1.4; }
.origin {
  display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.15rem 1.25rem; margin: 1.5rem 0 0;
  padding-top: 1.1rem; border-top: 1px solid var(--line); font-size: 0.875rem;
}
.origin dt { color: var(--soft); }
.origin dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
.scroll svg { display: block; }
#confidence svg, #threshold svg { width: 100%; min-width: 18.5rem; max-width: 31rem; height: auto; }
.tables { display: flex; flex-wrap: wrap; gap: 1.25rem 4rem; align-items: flex-start; }
.tables > * { max-width: 100%; }
figure { margin: 0; }
figcaption { margin-top: 0.5rem; }
details { margin-top: 0.75rem; }
summary { width: max-content; color: var(--accent); cursor: pointer; font-size: 0.9rem; }
table { border-collapse: collapse; font-size: 0.875rem; line-height: 1.4; }
caption { max-width: min(100%, 100vw - 3rem); padding: 0.5rem 0; color: var(--soft); text-align: left; }
th, td { padding: 0.4rem 0.9rem 0.4rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { color: var(--soft); font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: 500; }
tbody tr:last-child > * { border-bottom: 0; }
#mistakes .scroll, #mistakes table { width: 100%; }
#mistakes caption { position: absolute; width: 1px; height: 1px; padding: 0; overflow: hidden; clip-path: inset(50%); }
th:last-child, td:last-child { padding-right: 0.25rem; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.long { width: 40%; min-width: 14rem; overflow-wrap: anywhere; }
@media (min-width: 62rem) {
  #confidence, #threshold { grid-column: span 1; }
  .facts { grid-template-columns: 15rem; grid-auto-columns: minmax(0, 1fr); grid-auto-flow: column; }
  .facts .first { grid-column: auto; }
}
@media (max-width: 40rem) {
  .origin { grid-template-columns: minmax(0, 1fr); }
  .origin dd { margin-bottom: 0.5rem; }
}
@media print {
  body { padding: 0; background: none; }
  nav, details { display: none; }
  .card { border: 0; padding: 0; break-inside: avoid-page; }
}
`;
