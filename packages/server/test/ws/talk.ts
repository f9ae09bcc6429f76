import { randomUUID } from "node:crypto";
import { CurrentPeer, type CurrentPeerOptions, fakeAnswer, fakeOffer, type ServerProcess } from "@echoo/testkit";

export const [offer, answer] = [fakeOffer(7), fakeAnswer(7)];

let people = 0;

/** A number that nobody had before in this process. */
export function somebody(): string {
  people += 1;
  return `5557${String(people).padStart(6, "0")}`;
}

export interface Talk {
  readonly a: CurrentPeer;
  readonly b: CurrentPeer;
  readonly callId: string;
}

type Changes = Partial<CurrentPeerOptions>;

/** Two new people; `changes` may give the caller's or the callee's join something more. */
export async function twoPeople(
  server: ServerProcess,
  changes: { a?: Changes; b?: Changes; aUrl?: string; url?: string } = {},
) {
  const { url = server.wsUrl } = changes;
  const a = await CurrentPeer.connect(changes.aUrl ?? url, { userId: somebody(), ...changes.a });
  const b = await CurrentPeer.connect(url, { userId: somebody(), ...changes.b });
  return { a, b };
}

/** The callee has been offered the call and says that it rings. */
export async function ring({ a, b }: { a: CurrentPeer; b: CurrentPeer }): Promise<string> {
  const callId = randomUUID();
  a.send({ type: "offer", to: b.joined.userId, sdp: offer.sdp, callId, neg: 1 });
  await b.next("offer", (message) => message.callId === callId);
  b.send({ type: "ringing", callId });
  await a.next("ringing", (message) => message.callId === callId);
  return callId;
}

/** A call that somebody answered. */
export async function talk(server: ServerProcess, changes: Parameters<typeof twoPeople>[1] = {}): Promise<Talk> {
  return answered(await twoPeople(server, changes));
}

/** A calls, and b answers. */
export async function answered({ a, b }: Pick<Talk, "a" | "b">): Promise<Talk> {
  const callId = await ring({ a, b });
  b.send({ type: "answer", callId, sdp: answer.sdp, neg: 1 });
  await a.next("answer");
  for (const peer of [a, b]) {
    peer.send({ type: "connected", callId });
    await peer.settle();
  }
  return { a, b, callId };
}
