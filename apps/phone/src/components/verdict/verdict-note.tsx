import type { CallStatistics } from "@echoo/protocol";
import { clock } from "../../format/format.ts";
import { verdicts, verdictWords, whose } from "../../i18n/en-verdicts.ts";
import type { CallRow } from "../../state/api.ts";

interface VerdictNoteProps {
  readonly call: CallRow;
  /** With its evidence, once that is read. */
  readonly read: CallStatistics["verdict"];
}

/** What became of a call in one sentence, with what to do about it. Nothing where nothing can be said. */
export function VerdictNote({ call, read }: VerdictNoteProps) {
  const { verdict } = call;
  if (verdict === undefined || verdict.code === "unknown") return null;
  const own = call.direction === "incoming" ? "callee" : "caller";
  const who = whose[verdict.side === undefined ? "one" : verdict.side === own ? "you" : "peer"];
  const [sentence = "", advice = ""] = verdicts[verdict.code].map((text) => text.replace("{who}", who));
  const startMs = Date.parse(call.startTime);
  return (
    <section class="verdict" aria-label={verdictWords.heading} data-testid="verdict" data-code={verdict.code}>
      <p data-testid="verdict-sentence">{sentence}</p>
      {advice !== "" && (
        <p class="soft" data-testid="verdict-advice">
          {advice}
        </p>
      )}
      {read?.confidence === "likely" && <p class="soft">{verdictWords.likely}</p>}
      {read !== undefined && read.evidence.length > 0 && (
        <details data-testid="verdict-evidence">
          <summary>{verdictWords.evidence}</summary>
          <ul>
            {read.evidence.map(({ what, value, t }) => (
              <li key={`${what} ${t}`} class="figures">
                {t === undefined ? "" : `${clock(Math.max(0, Date.parse(t) - startMs))} `}
                {what}
                {value === undefined ? "" : `: ${value}`}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
