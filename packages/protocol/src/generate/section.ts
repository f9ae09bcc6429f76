/** A page of the reference before it is Markdown or HTML. Texts may hold `code` in backticks and nothing else. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly text: readonly string[];
  readonly table?: Table | undefined;
  readonly parts?: readonly Section[];
}

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The sections as Markdown, headings from the given depth on. */
export function sectionMarkdown(section: Section, depth: number): string {
  const pieces = [`${"#".repeat(depth)} ${section.title}`, ...section.text];
  if (section.table !== undefined) pieces.push(tableMarkdown(section.table));
  for (const part of section.parts ?? []) pieces.push(sectionMarkdown(part, depth + 1));
  return pieces.join("\n\n");
}

function tableMarkdown(table: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(table.head), `|${"---|".repeat(table.head.length)}`, ...table.rows.map(line)].join("\n");
}
