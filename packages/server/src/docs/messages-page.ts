import { referenceSections, type Section, type Table } from "@echoo/protocol/generate";
import { docsLayout, escapeHtml } from "./docs-layout.ts";

/** Every WebSocket message with its fields, and the tables of codes and limits. Needs no script. */
export function messagesPage(version: string): string {
  const sections = referenceSections();
  return docsLayout({
    title: "Echoo: WebSocket messages",
    version,
    current: "messages",
    head: "",
    body: `<div class="reference">
<nav class="contents" aria-label="Contents">
${sections.map(contentsHtml).join("\n")}
</nav>
<main id="main">
<h1>WebSocket messages</h1>
${sections.map((section) => sectionHtml(section, 2)).join("\n")}
</main>
</div>`,
  });
}

function contentsHtml(section: Section): string {
  const title = `<a href="#${section.id}">${escapeHtml(section.title)}</a>`;
  const parts = (section.parts ?? []).map((part) => `<li><a href="#${part.id}">${escapeHtml(part.title)}</a></li>`);
  return `<p>${title}</p>${parts.length > 0 ? `<ul>${parts.join("")}</ul>` : ""}`;
}

function sectionHtml(section: Section, depth: 2 | 3): string {
  const parts = (section.parts ?? []).map((part) => sectionHtml(part, 3));
  return `<section id="${section.id}" aria-labelledby="${section.id}-title">
<h${depth} id="${section.id}-title">${escapeHtml(section.title)}</h${depth}>
${section.text.map((text) => `<p>${inlineHtml(text)}</p>`).join("\n")}
${section.table === undefined ? "" : tableHtml(section.table)}
${parts.join("\n")}
</section>`;
}

function tableHtml(table: Table): string {
  const head = table.head.map((cell) => (cell === "" ? "<td></td>" : `<th scope="col">${escapeHtml(cell)}</th>`));
  const rows = table.rows.map((row) => `<tr>${row.map((cell) => `<td>${inlineHtml(cell)}</td>`).join("")}</tr>`);
  return `<div class="scroll" tabindex="0"><table><thead><tr>${head.join("")}</tr></thead><tbody>
${rows.join("\n")}
</tbody></table></div>`;
}

/** Text with `code` in backticks. */
function inlineHtml(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}
