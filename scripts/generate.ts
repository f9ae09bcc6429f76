// `npm run generate` writes what is derived from the tables in code; with --check it says what differs and fails.
import { readFile, writeFile } from "node:fs/promises";
import { asyncApiDocument, openApiDocument, referenceMarkdown } from "@echoo/protocol/generate";
import { renderSettingsReference } from "../packages/server/src/config/settings-reference.ts";
import { verdictsReference } from "./verdicts/verdicts-reference.ts";

const reference = new URL("../docs/reference/", import.meta.url);
const { version } = JSON.parse(await readFile(new URL("../packages/protocol/package.json", import.meta.url), "utf8"));
const json = (document: object) => `${JSON.stringify(document, null, 2)}\n`;

const files: Readonly<Record<string, string>> = {
  "openapi.json": json(openApiDocument(version)),
  "asyncapi.json": json(asyncApiDocument(version)),
  "protocol.md": referenceMarkdown(),
  "settings.md": renderSettingsReference(),
  "verdicts.md": verdictsReference(),
};

const checkOnly = process.argv.includes("--check");
for (const [name, wanted] of Object.entries(files)) {
  const file = new URL(name, reference);
  const present = await readFile(file, "utf8").catch(() => undefined);
  if (present === wanted) continue;
  if (checkOnly) {
    console.error(`docs/reference/${name} differs from the code: run npm run generate and commit it.`);
    process.exitCode = 1;
  } else {
    await writeFile(file, wanted);
    console.log(`wrote docs/reference/${name}`);
  }
}
