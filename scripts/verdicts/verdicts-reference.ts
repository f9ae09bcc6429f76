import { verdictSentences } from "@echoo/protocol";
import { verdictRows } from "../../packages/core/src/verdict/verdict-rules.ts";
import { realFaults, recordedRows } from "./real-faults.ts";

/** The table of verdicts, and what shows each row. */
export function verdictsReference(): string {
  const rows = verdictRows.map(({ phase, code, rule, source, likely }) => {
    const fault = realFaults[`${phase}: ${code}`];
    const shown = fault === undefined ? "recorded" : `[real calls](../../${fault.file})`;
    const [sentence] = verdictSentences[code];
    return `| ${phase} | \`${code}\`${likely ? " (likely)" : ""} | ${rule} | ${source} | ${shown} | ${sentence} |`;
  });
  return `# Verdicts

Generated from [the table in the core](../../packages/core/src/verdict/verdict-rules.ts) by \`npm run generate\`. [How to read them](../guide/why.md).

Of the rows of a call's phase the first that matches wins, and what is not known matches nothing; where none matches the verdict is \`unknown\`. Every row is shown [by what was recorded of a call](../../${recordedRows}), and those that say so by real calls, with what their clients tell.

| phase | code | rule | source | shown by | what people are told |
|---|---|---|---|---|---|
${rows.join("\n")}
`;
}
