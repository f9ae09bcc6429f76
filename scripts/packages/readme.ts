/** A README as it reads outside the repository: its links to files that are not in the package become plain text. */
export function withoutLocalLinks(markdown: string): string {
  return markdown.replace(/\[([^\]]+)\]\((?!https?:|#)[^)]*\)/g, "$1");
}
