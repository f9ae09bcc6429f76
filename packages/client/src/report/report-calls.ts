import type { ClientMessage, ReportEvent, Sample } from "@echoo/protocol";
import type { Call } from "../call/call.ts";
import type { ClientClock } from "../client-clock.ts";
import type { MediaPort } from "../media/media-port.ts";
import { CallReport } from "./call-report.ts";
import { observedMedia } from "./observed-media.ts";

/** What reports need of the client. */
export interface ReporterPort {
  readonly clock: ClientClock;
  readonly media: MediaPort;
  /** The server's socket, from which the address of its REST API follows. */
  readonly url: string;
  /** The one of the last join. */
  token(): string | undefined;
  linkUp(): boolean;
  send(message: ClientMessage): void;
}

/** Whether the server has heard of it: before that there is nothing that a report could be about. */
type ReportedCall = Call & { readonly isKnown?: boolean };

const reports = new WeakMap<object, CallReport>();

/** Told by a page whose browser refused to play the other side's sound, or plays it after all. */
export function notePlayback(call: Pick<Call, "id">, state: "refused" | "playing"): void {
  reports.get(call)?.note("playback", { state });
}

/** What a call that does not connect seems to wait for, by what this side knows. */
export type MediaWait = "negotiation" | "relay" | "path" | "encryption";

/** Undefined where nothing is known of it. */
export function mediaWait(call: Pick<Call, "id">): MediaWait | undefined {
  const report = reports.get(call);
  if (report === undefined) return undefined;
  const { ice, signaling, gathering, hasRelay, isRelayed } = report.seen;
  if (signaling !== undefined && signaling !== "stable") return "negotiation";
  if (ice === "connected" || ice === "completed") return "encryption";
  if (isRelayed && gathering === "complete" && !hasRelay) return "relay";
  return ice === undefined ? undefined : "path";
}

/** Begins the timelines of calls; each gives what its call is to use in place of its client's. */
export function reporterOf(port: ReporterPort): (call: Call) => { readonly media: MediaPort } {
  const open = new Set<CallReport>();
  listenToPage(
    (state) => {
      for (const report of open) report.note("page", { state });
    },
    () => {
      for (const report of open) sendAtOnce(port, report);
    },
  );
  return (call: ReportedCall) => {
    const first = rememberedNumber(call.id);
    const report = new CallReport(call, reportPort(port), () => call.isKnown !== false, first);
    if (first > 0) report.note("page", { state: "reloaded" });
    reports.set(call, report);
    open.add(report);
    followCall(call, report, () => open.delete(report));
    return { media: observedMedia(port.media, report) };
  };
}

function reportPort(port: ReporterPort): ConstructorParameters<typeof CallReport>[1] {
  return {
    clock: port.clock,
    canSend: () => port.linkUp(),
    send: (callId, events) => port.send({ type: "report", callId, sentAt: port.clock.now(), events: [...events] }),
    remember: (callId, next) => storage()?.setItem(keyOf(callId), String(next)),
  };
}

function followCall(call: ReportedCall, report: CallReport, over: () => void): void {
  let [audio, path, codec] = [true, "", ""];
  call.on("media", () => {
    if (call.media.audio === audio) return;
    audio = call.media.audio;
    report.note("track", { side: "local", media: "audio", state: audio ? "unmuted" : "muted", cause: "user" });
  });
  call.on("sample", (sample: Sample) => {
    const { pair, protocol, network } = sample;
    const name = `${pair} ${protocol} ${network}`;
    if (pair !== undefined && name !== path) {
      path = name;
      report.note("pair", {
        candidate: pair,
        ...(protocol === undefined ? {} : { transport: protocol }),
        ...(network === undefined ? {} : { network }),
      });
    }
    if (sample.codec !== undefined && sample.codec !== codec) {
      codec = sample.codec;
      report.note("codec", { codec });
    }
  });
  call.on("device", () => report.note("device", { state: "changed" }));
  call.on("ended", ({ by }) => {
    // By whoever it was, this is the last event of this side.
    const state = call.startedAtMs === undefined ? (call.direction === "incoming" ? "decline" : "cancel") : "hangup";
    report.note("end", by === "you" ? { state, cause: "user" } : { cause: "network" });
    report.flush();
    storage()?.removeItem(keyOf(call.id));
    over();
  });
}

/** A page that goes has no time for its socket: the browser finishes this request without it. */
function sendAtOnce(port: ReporterPort, report: CallReport): void {
  const token = port.token();
  if (token === undefined) report.flush();
  else {
    const events = report.take();
    if (events.length > 0) post(port, token, report.id, events);
  }
}

function post(port: ReporterPort, token: string, callId: string, events: readonly ReportEvent[]): void {
  const { origin } = new URL(port.url.replace(/^ws/, "http"));
  fetch(`${origin}/api/stats/calls/${encodeURIComponent(callId)}`, {
    method: "POST",
    keepalive: true,
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    body: JSON.stringify({ sentAt: port.clock.now(), events }),
  }).catch(() => undefined);
}

function listenToPage(note: (state: NonNullable<ReportEvent["state"]>) => void, leave: () => void): void {
  if (typeof document === "undefined") return;
  document.addEventListener("visibilitychange", () =>
    note(document.visibilityState === "hidden" ? "hidden" : "visible"),
  );
  for (const type of ["freeze", "resume"] as const) {
    document.addEventListener(type, () => note(type === "freeze" ? "frozen" : "resumed"));
  }
  for (const type of ["online", "offline"] as const) addEventListener(type, () => note(type));
  addEventListener("pagehide", () => {
    note("leaving");
    leave();
  });
}

function keyOf(callId: string): string {
  return `echoo-report-${callId}`;
}

/** The number of the next event of a call that the page before this one was in. */
function rememberedNumber(callId: string): number {
  return Number(storage()?.getItem(keyOf(callId)) ?? 0);
}

function storage(): Storage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}
