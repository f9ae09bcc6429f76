import type { AdminNow } from "@echoo/protocol";
import { EndedChart } from "../components/ended-chart.tsx";
import { Mark } from "../components/mark.tsx";
import { count, length, say } from "../i18n/words.ts";
import type { AdminApi } from "../state/admin-api.ts";
import { useLiveNow } from "../state/use-live-now.ts";

const tones = { ok: "good", degraded: "warn", away: "bad", off: "plain" } as const;
const words = say.now;

/** The installation at this moment. */
export function Now({ api }: { readonly api: AdminApi }) {
  const { now, isLost } = useLiveNow(api);
  return (
    <>
      <div class="head">
        <h2>{say.views.now}</h2>
      </div>
      {isLost && (
        <p class="note bad" role="status" data-testid="lost">
          {words.lost}
        </p>
      )}
      {now === undefined ? <p role="status">{say.loading}</p> : <Shown now={now} />}
    </>
  );
}

function Shown({ now }: { readonly now: AdminNow }) {
  const sum = (of: (node: AdminNow["nodes"][number]) => number) => now.nodes.reduce((all, node) => all + of(node), 0);
  return (
    <div data-testid="now">
      <div class="cards">
        <Figure name={words.online} value={sum(({ online }) => online)} id="online" />
        <Figure name={words.ringing} value={sum(({ calls }) => calls.calling + calls.ringing)} id="ringing" />
        <Figure
          name={words.inCall}
          value={sum(({ calls }) => calls.connecting + calls.active + calls.reconnecting)}
          id="in-call"
        />
      </div>
      <div class="columns">
        <section class="card">
          <h3>{words.ended}</h3>
          {now.minutes.length === 0 ? <p class="soft">{words.noEnded}</p> : <EndedChart now={now} />}
        </section>
        <section class="card">
          <h3>{words.setUp}</h3>
          <SetUp now={now} />
        </section>
        <section class="card">
          <h3>{words.quality}</h3>
          <Quality now={now} />
        </section>
        <section class="card">
          <h3>{words.health}</h3>
          <Health now={now} />
        </section>
        <section class="card">
          <h3>{words.nodes}</h3>
          <Nodes now={now} />
        </section>
      </div>
    </div>
  );
}

function Figure({ name, value, id }: { readonly name: string; readonly value: number; readonly id: string }) {
  return (
    <dl class="card">
      <dt class="soft small">{name}</dt>
      <dd class="figure-value" data-testid={id}>
        {count(value)}
      </dd>
    </dl>
  );
}

function SetUp({ now: { setUp } }: { readonly now: AdminNow }) {
  if (setUp === undefined) return <p class="soft">{words.noSetUp}</p>;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  return (
    <p>
      {words.setUpFigures(seconds(setUp.p50Ms), seconds(setUp.p95Ms))}{" "}
      <span class="soft">({words.setUpCalls(count(setUp.calls))})</span>
    </p>
  );
}

function Quality({ now: { quality, warnings } }: { readonly now: AdminNow }) {
  const levels = [
    ["good", quality.good, say.calls.levels.good],
    ["warn", quality.moderate, say.calls.levels.moderate],
    ["bad", quality.poor, say.calls.levels.poor],
  ] as const;
  const all = quality.good + quality.moderate + quality.poor;
  const raised = Object.entries(warnings);
  return (
    <>
      {all === 0 ? (
        <p class="soft">{words.noQuality}</p>
      ) : (
        <>
          <div class="bar" aria-hidden="true">
            {levels.map(([tone, value]) => (
              <span key={tone} class={tone} style={{ inlineSize: `${(100 * value) / all}%` }} />
            ))}
          </div>
          <p>{levels.map(([, value, name]) => `${name}: ${words.sides(count(value))}`).join(", ")}</p>
        </>
      )}
      <p>
        {words.warnings}:{" "}
        {raised.length === 0
          ? words.noWarnings
          : raised.map(([name, value]) => `${say.warning[name] ?? name} (${count(value)})`).join(", ")}
      </p>
    </>
  );
}

function Health({ now: { health, problems } }: { readonly now: AdminNow }) {
  return (
    <>
      <table class="plain-table">
        <tbody>
          {health.map(({ part, state, note }) => (
            <tr key={part}>
              <th scope="row">{say.parts[part]}</th>
              <td>
                <Mark tone={tones[state]}>{say.states[state]}</Mark>
              </td>
              <td class="soft small break">{note}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {problems.map(({ code, message }) => (
        <p key={code} class="note bad">
          {message}
        </p>
      ))}
    </>
  );
}

function Nodes({ now: { nodes } }: { readonly now: AdminNow }) {
  return (
    <table class="plain-table">
      <thead>
        <tr>
          <th scope="col">{words.node}</th>
          <th scope="col">{words.online}</th>
          <th scope="col">{words.inCall}</th>
          <th scope="col">{words.uptime}</th>
        </tr>
      </thead>
      <tbody>
        {nodes.map(({ name, online, calls, uptimeSec, version }) => (
          <tr key={name}>
            <th scope="row" class="break">
              {name} <span class="soft small">{version}</span>
            </th>
            <td>{count(online)}</td>
            <td>{count(calls.connecting + calls.active + calls.reconnecting)}</td>
            <td>{length(uptimeSec)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
