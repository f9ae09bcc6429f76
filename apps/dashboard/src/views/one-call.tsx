import type { AdminCallBody, AdminCallDetails } from "@echoo/protocol";
import { Failure } from "../components/failure.tsx";
import { Score } from "../components/mark.tsx";
import { SideGraphs } from "../components/side-graphs.tsx";
import { length, say, when } from "../i18n/words.ts";
import type { AdminApi } from "../state/admin-api.ts";
import { fragmentOf } from "../state/route.ts";
import { useLoaded } from "../state/use-loaded.ts";
import { SideEvents } from "./side-events.tsx";

const words = say.call;

/** One call: the verdict, what is known of it, and both sides on one clock. */
export function OneCall({ api, callId }: { readonly api: AdminApi; readonly callId: string }) {
  const { value, error, reload } = useLoaded(() => api.admin.adminGetCall({ params: { callId } }), [api, callId]);
  return (
    <>
      <p>
        <a href={fragmentOf({ view: "calls", filters: {} })}>← {words.back}</a>
      </p>
      {error !== undefined && <Failure error={error} reload={reload} />}
      {value === undefined ? error === undefined && <p role="status">{say.loading}</p> : <Details details={value} />}
    </>
  );
}

function Details({ details }: { readonly details: AdminCallDetails }) {
  const { call, running, verdict, sides } = details;
  const known = call ?? running;
  if (known === undefined) return null;
  return (
    <div class="stack" data-testid="one-call">
      <div class="head">
        <h2 class="break">
          {known.caller.displayName} → {known.callee.displayName}
        </h2>
        {running && <span>{say.callStates[running.state]}</span>}
        {call && <Score mos={call.mos} level={call.level} />}
      </div>
      {verdict && <Verdict verdict={verdict} />}
      <section class="card">
        <table class="plain-table">
          <tbody>
            <Party name={words.caller} party={known.caller} />
            <Party name={words.callee} party={known.callee} />
            <Fact name={words.began} value={when(known.startTime)} />
            {known.answeredAt && <Fact name={words.answered} value={when(known.answeredAt)} />}
            {call && <Ended call={call} />}
          </tbody>
        </table>
      </section>
      {sides.length === 0 ? (
        <p class="empty">{words.noStats}</p>
      ) : (
        sides.map((side) => (
          <section key={side.role} class="card" data-testid={`side-${side.role}`}>
            <h3>
              {words[side.role]}:{" "}
              {words.of(side.role === "caller" ? known.caller.displayName : known.callee.displayName)}
            </h3>
            <SideEvents side={side} />
            <SideGraphs side={side} sides={sides} />
          </section>
        ))
      )}
    </div>
  );
}

function Verdict({ verdict }: { readonly verdict: NonNullable<AdminCallDetails["verdict"]> }) {
  return (
    <section class="note" data-testid="verdict">
      <p>
        <strong>{verdict.sentence}</strong> {verdict.advice}
      </p>
      <details>
        <summary>
          {words.evidence} ({verdict.code}
          {verdict.side === undefined ? "" : `, ${words[verdict.side].toLowerCase()}`}, {verdict.confidence})
        </summary>
        <ul>
          {verdict.evidence.map(({ source, side, what, t, value }) => (
            <li key={`${source} ${side} ${what} ${t}`} class="break">
              {[t === undefined ? undefined : when(t), side && words[side], source, what, value]
                .filter((part) => part !== undefined)
                .join(" · ")}
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class="break">{value}</td>
    </tr>
  );
}

function Party({ name, party }: { readonly name: string; readonly party: AdminCallBody["caller"] }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class="break">
        <a href={fragmentOf({ view: "people", subject: party.phone, filters: {} })}>{party.displayName}</a>
        {party.displayName === party.phone ? "" : ` (${party.phone})`}
        {party.device === undefined ? "" : ` · ${party.device}`}
      </td>
    </tr>
  );
}

function Ended({ call }: { readonly call: AdminCallBody }) {
  const by = call.endedBy === undefined ? "" : `, ${words.by[call.endedBy]}`;
  return (
    <>
      {call.connectedAt && <Fact name={words.connected} value={when(call.connectedAt)} />}
      <Fact name={words.endedAt} value={when(call.endTime)} />
      <Fact name={words.length} value={length(call.duration)} />
      <Fact name={words.reason} value={`${call.endReason}${by}: ${say.ends[call.endReason]}`} />
      {call.reconnects > 0 && <Fact name={words.reconnects} value={String(call.reconnects)} />}
    </>
  );
}
