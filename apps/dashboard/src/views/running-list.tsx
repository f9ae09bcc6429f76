import type { AdminRunningCallBody } from "@echoo/protocol";
import { useEffect, useState } from "preact/hooks";
import { Score } from "../components/mark.tsx";
import { say, sentenceFor, when } from "../i18n/words.ts";
import { every } from "../platform.ts";
import type { AdminApi } from "../state/admin-api.ts";
import { fragmentOf } from "../state/route.ts";
import { useLoaded } from "../state/use-loaded.ts";

const renewEveryMs = 5_000;
const words = say.calls;

/** Calls under way, renewed every few seconds; each can be ended. */
export function RunningList({ api }: { readonly api: AdminApi }) {
  const { value, reload } = useLoaded(() => api.admin.adminListRunningCalls(), [api]);
  const [problem, setProblem] = useState<string>();
  useEffect(() => every(renewEveryMs, reload), [reload]);
  const end = (call: AdminRunningCallBody) => {
    if (!confirm(words.endSure(call.caller.displayName, call.callee.displayName))) return;
    setProblem(undefined);
    const { callId } = call;
    api.admin
      .adminEndCall({ params: { callId } })
      .catch((error: unknown) => setProblem(sentenceFor(error)))
      .finally(reload);
  };
  const calls = value?.calls ?? [];
  return (
    <section class="card" data-testid="running">
      <h3>{words.running}</h3>
      {problem !== undefined && <p role="alert">{problem}</p>}
      {calls.length === 0 ? (
        <p class="soft">{words.noRunning}</p>
      ) : (
        <ul class="stack">
          {calls.map((call) => (
            <li key={call.callId} class="actions" data-testid="running-row">
              <a href={fragmentOf({ view: "calls", subject: call.callId, filters: {} })} class="break">
                {call.caller.displayName} → {call.callee.displayName}
              </a>
              <span>{say.callStates[call.state]}</span>
              <span class="soft">{when(call.startTime)}</span>
              {call.sides.map(({ role, mos, level }) => (
                <Score key={role} mos={mos} level={level} />
              ))}
              <button type="button" class="button danger compact" onClick={() => end(call)} data-testid="end-call">
                {words.end}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
