import type { UnjoinedSockets } from "../limits/unjoined-sockets.ts";
import type { SocketLink } from "../socket-link.ts";

type OpenLink = Pick<SocketLink, "close">;

/** The sockets that are open, each from its upgrade to its end, and which of them have not joined. */
export class OpenSockets {
  readonly #links = new Set<OpenLink>();
  readonly #unjoined: UnjoinedSockets<OpenLink>;

  constructor(unjoined: UnjoinedSockets<OpenLink>) {
    this.#unjoined = unjoined;
  }

  add(link: OpenLink): void {
    this.#links.add(link);
    this.#unjoined.add(link);
  }

  setJoined(link: OpenLink, isJoined: boolean): void {
    if (isJoined) this.#unjoined.delete(link);
    else this.#unjoined.add(link);
  }

  delete(link: OpenLink): void {
    this.#links.delete(link);
    this.#unjoined.delete(link);
  }

  /** Says goodbye to all clients. */
  closeAll(code: 1001 | 1012): void {
    for (const link of this.#links) link.close(code);
  }
}
