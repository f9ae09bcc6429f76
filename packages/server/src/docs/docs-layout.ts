interface Page {
  readonly title: string;
  readonly version: string;
  readonly current: "rest" | "messages";
  /** What goes into the head besides the common style. */
  readonly head: string;
  readonly body: string;
}

/** A whole page with the heading that both share. `head` and `body` are HTML, the rest is text. */
export function docsLayout(page: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(page.title)}</title>
<link rel="icon" href="/docs/assets/icon.svg" type="image/svg+xml">
${page.head}
<link rel="stylesheet" href="/docs/assets/docs.css">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="bar">
  <p class="brand"><img src="/docs/assets/icon.svg" alt="" width="28" height="28"> Echoo <span class="version">${escapeHtml(page.version)}</span></p>
  <nav aria-label="Documentation">
    ${link("/docs", "REST", page.current === "rest")}
    ${link("/docs/messages", "WebSocket", page.current === "messages")}
  </nav>
  <p class="raw"><a href="/openapi.json">openapi.json</a> <a href="/asyncapi.json">asyncapi.json</a></p>
</header>
${page.body}
</body>
</html>
`;
}

function link(href: string, text: string, current: boolean): string {
  return `<a href="${href}"${current ? ' aria-current="page"' : ""}>${text}</a>`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? "");
}
