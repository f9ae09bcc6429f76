/** The style of the pages: the colours of the phone page, light and dark by preference. */
export const docsStyle = `
:root {
  --paper: #f5f4f1; --surface: #fff; --sunken: #eceae5; --ink: #1b1c1f; --ink-soft: #5a5c63; --line: #e1dfd9;
  --accent: #2356c7; --accent-soft: #e4ebfb;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", "DejaVu Sans Mono", Menlo, Consolas, monospace;
  --sans: -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, Ubuntu, Cantarell, "Noto Sans", Arial, sans-serif;
  --bar: 56px;
  color-scheme: light;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #131416; --surface: #1b1c1f; --sunken: #26282c; --ink: #eeedea; --ink-soft: #a8aab1; --line: #2c2e33;
    --accent: #8fb0ff; --accent-soft: #202b47;
    color-scheme: dark;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { scroll-padding-top: calc(var(--bar) + 16px); background: var(--paper); }
body { margin: 0; background: var(--paper); color: var(--ink); font: 400 1rem/1.5 var(--sans); }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 16px; top: 8px; z-index: 3; background: var(--surface); padding: 8px 12px; }

.bar {
  position: sticky; top: 0; z-index: 2; display: flex; align-items: center; gap: 8px 24px; flex-wrap: wrap;
  min-height: var(--bar); padding: 8px clamp(16px, 3vw, 32px);
  background: var(--surface); border-bottom: 1px solid var(--line);
}
.bar p { margin: 0; }
.brand { display: flex; align-items: center; gap: 10px; font-weight: 650; letter-spacing: -0.01em; }
.version { color: var(--ink-soft); font: 400 0.8125rem var(--mono); }
.bar nav { display: flex; gap: 4px; }
.bar nav a { padding: 6px 12px; border-radius: 8px; color: var(--ink-soft); text-decoration: none; font-weight: 550; }
.bar nav a:hover { background: var(--sunken); color: var(--ink); }
.bar nav a[aria-current] { background: var(--accent-soft); color: var(--accent); }
.bar .raw { margin-inline-start: auto; display: flex; gap: 16px; font: 400 0.8125rem var(--mono); }
.raw a { text-decoration: none; }
.raw a:hover { text-decoration: underline; }

.reference {
  display: grid; grid-template-columns: 220px minmax(0, 1fr); gap: 40px;
  max-width: 1180px; margin: 0 auto; padding: 0 clamp(16px, 3vw, 32px);
}
.contents {
  position: sticky; top: var(--bar); align-self: start; max-height: calc(100vh - var(--bar)); overflow-y: auto;
  padding: 28px 4px 40px; font-size: 0.875rem;
}
.contents p { margin: 14px 0 4px; font-weight: 600; }
.contents p:first-child { margin-top: 0; }
.contents ul { list-style: none; margin: 0; padding: 0; }
.contents a { display: block; padding: 2px 8px; color: inherit; text-decoration: none; border-radius: 6px; }
.contents li a { color: var(--ink-soft); font-family: var(--mono); font-size: 0.8125rem; }
.contents a:hover { background: var(--sunken); color: var(--ink); }
.reference main { padding: 28px 0 96px; min-width: 0; }
.reference h1 { font-size: 1.75rem; line-height: 1.2; letter-spacing: -0.02em; margin: 0 0 8px; }
.reference h2 { font-size: 1.3125rem; letter-spacing: -0.015em; margin: 48px 0 8px; padding-top: 20px; border-top: 1px solid var(--line); }
.reference h3 { font: 600 1rem/1.4 var(--mono); margin: 32px 0 4px; }
.reference section p { margin: 0 0 10px; max-width: 74ch; }
.reference section:target > h2, .reference section:target > h3 { color: var(--accent); }
.reference code { font: 0.875em var(--mono); background: var(--sunken); padding: 1px 5px; border-radius: 5px; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 10px; background: var(--surface); }
table { width: 100%; border-collapse: collapse; font-size: 0.9375rem; }
th, td { padding: 7px 14px; text-align: start; vertical-align: top; }
thead { color: var(--ink-soft); font-size: 0.8125rem; }
thead th { font-weight: 600; }
tbody tr { border-top: 1px solid var(--line); }
tbody td:first-child { white-space: nowrap; }
tbody td:first-child code { background: none; padding: 0; }
@media (max-width: 760px) {
  .reference { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .contents { position: static; max-height: none; padding-bottom: 0; }
  .contents ul { display: flex; flex-wrap: wrap; }
  .bar { position: static; }
  .bar .raw { margin-inline-start: 0; }
  html { scroll-padding-top: 16px; }
}

.reference h1 + section > h2 { margin-top: 12px; padding-top: 0; border-top: 0; }

.rest { min-height: 80vh; }
.rest noscript p { padding: 24px; }
html .swagger-ui, html.dark-mode .swagger-ui { background: none; font-family: var(--sans); color: var(--ink); }
html.dark-mode { background: var(--paper); }
html .swagger-ui .wrapper { max-width: 1180px; padding: 0 clamp(16px, 3vw, 32px); }
html .swagger-ui .info { margin: 32px 0 8px; }
html .swagger-ui .info .title { font-size: 1.75rem; letter-spacing: -0.02em; color: var(--ink); }
html .swagger-ui .info .description p { max-width: 74ch; margin-inline: 0; font-size: 1rem; color: var(--ink); }
html .swagger-ui .info .description code { font-weight: 400; background: var(--sunken); color: var(--ink); }
html .swagger-ui .info .description a { font-size: inherit; color: var(--accent); }
html .swagger-ui .info__license, html .swagger-ui .info .title + a { display: none; }
html .swagger-ui .scheme-container, html.dark-mode .swagger-ui .scheme-container { background: none; box-shadow: none; margin: 0; padding: 8px 0; }
html .swagger-ui .scheme-container .servers, html .swagger-ui .scheme-container .servers-title { display: none; }
`;
