import type { ClientClock } from "../client-clock.ts";
import { EchooError } from "../echoo-error.ts";
import type { AskAboutSocket } from "./ask-about-socket.ts";

/** How long the question may take. */
const askTimeoutMs = 5_000;
/** After so many failures in a row what has no better name is told as well: a server that restarts is away for less. */
const toldAfterFailures = 3;

interface TroublePort {
  readonly clock: ClientClock;
  /** Why no socket opens, by another way than the socket: browsers do not say. */
  ask: AskAboutSocket;
  fault(error: EchooError): void;
}

/** Says why the client stays without a connection, once for each reason, instead of trying for ever without a word. */
export class SocketTrouble {
  readonly #port: TroublePort;
  #failures = 0;
  #hasJoined = false;
  #told: string | undefined;
  #asking = 0;

  constructor(port: TroublePort) {
    this.#port = port;
  }

  joined(): void {
    this.#hasJoined = true;
    this.stop();
  }

  /** Nothing that was asked is news any more. */
  stop(): void {
    this.#failures = 0;
    this.#told = undefined;
    this.#asking += 1;
  }

  /** A socket came to nothing: it never opened, or opened and brought no `joined`. */
  failed(how: "unopened" | "silent"): void {
    this.#failures += 1;
    if (how === "silent") this.#tell(new EchooError("timeout"));
    // At first, unless a server was there before; then ever more seldom, for each question costs a request.
    else if ([this.#hasJoined ? 0 : 1, 3, 6, 12].includes(this.#failures) || this.#failures % 24 === 0) this.#ask();
  }

  #ask(): void {
    this.#asking += 1;
    const question = this.#asking;
    const answered = (error: EchooError) => {
      cancel();
      if (question !== this.#asking) return;
      this.#asking += 1;
      this.#tell(error);
    };
    const cancel = this.#port.clock.after(askTimeoutMs, () => answered(new EchooError("offline")));
    this.#port.ask().then(answered, (cause: unknown) => answered(new EchooError("offline", { cause })));
  }

  #tell(error: EchooError): void {
    const isNamed = error.code !== "offline" && error.code !== "timeout";
    if (error.code === this.#told || (!isNamed && this.#failures < toldAfterFailures)) return;
    this.#told = error.code;
    this.#port.fault(error);
  }
}
