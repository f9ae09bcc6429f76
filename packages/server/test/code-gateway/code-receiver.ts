import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the receiver answers: a status, a redirect to another path of its own, or nothing at all. */
type Answer = number | "redirect" | "nothing";

/** An operator's gateway: a real HTTP server that keeps what it is sent. */
export async function startCodeReceiver(t: TestContext) {
  const received: Received[] = [];
  const waiting: ((got: Received) => void)[] = [];
  const state: { answer: Answer } = { answer: 200 };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const got = { path: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks).toString() };
    received.push(got);
    for (const tell of waiting.splice(0)) tell(got);
    if (state.answer === "nothing") return;
    if (state.answer === "redirect") response.writeHead(307, { location: "/elsewhere" }).end();
    else response.writeHead(state.answer).end("whatever it says");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/codes`,
    received,
    state,
    /** The next request, once it is there. */
    next: () => new Promise<Received>((resolve) => waiting.push(resolve)),
    /** The code that was posted last. */
    lastCode: (): string => JSON.parse(received.at(-1)?.body ?? "{}").code,
  };
}
