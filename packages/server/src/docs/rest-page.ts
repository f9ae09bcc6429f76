import { docsLayout } from "./docs-layout.ts";

/** The REST API as a page that can try each endpoint out. */
export function restPage(version: string): string {
  return docsLayout({
    title: "Echoo: REST API",
    version,
    current: "rest",
    head: `<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<script src="/docs/assets/swagger-ui-bundle.js" defer></script>
<script src="/docs/assets/start.js" defer></script>`,
    body: `<main id="main" class="rest">
<noscript><p>This page needs JavaScript; <a href="/openapi.json">openapi.json</a> says the same.</p></noscript>
<div id="swagger-ui"></div>
</main>`,
  });
}

/** A file of its own, so that no page needs inline script. Without a validator nothing leaves for another server. */
export const startSwagger = `"use strict";
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  validatorUrl: null,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  persistAuthorization: false,
});
`;
