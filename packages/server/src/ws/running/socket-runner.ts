import type { Duplex } from "node:stream";
import type { ConnectionFacts } from "@echoo/accounts";
import type { RawData } from "ws";
import type { ClientSocket } from "../client-socket.ts";
import { Connection } from "../connection.ts";
import type { ConnectionDeps } from "../connection-deps.ts";
import { FrameGauge } from "../limits/frame-gauge.ts";
import type { SocketPlace } from "../limits/socket-limits.ts";
import { SocketLink } from "../socket-link.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { OpenSockets } from "./open-sockets.ts";
import { TimerWheel } from "./timer-wheel.ts";

/** What browsers close the sockets of a page with that is closed or loaded anew (RFC 6455, 7.4.1). */
const pageGoesAway = 1001;

/**
 * Pings leave at so many moments of a period, those of many sockets at each: 600 a second took 3.2 % of a core one by one,
 * and 1.8 % so. A multiple of the four by which the last ping has less time.
 */
const beatsPerPing = 40;

/** Runs each socket until it ends: brings its frames and its end to its connection, and its signs of life to its heartbeat. */
export class SocketRunner {
  readonly #deps: ConnectionDeps;
  readonly #open: OpenSockets;
  readonly #beats: TimerWheel;

  constructor(deps: ConnectionDeps, open: OpenSockets) {
    this.#deps = deps;
    this.#open = open;
    this.#beats = new TimerWheel(deps.clock, deps.pingMs / beatsPerPing);
  }

  run(socket: ClientSocket, stream: Duplex, facts: ConnectionFacts, place: SocketPlace): void {
    const { clock, logger, metrics, pingMs } = this.#deps;
    const link = new SocketLink(socket, stream, clock, metrics, facts.address);
    const connection = new Connection(this.#deps, link, facts, {
      setReading: (isReading) => link.setReading(isReading),
      setJoined: (isJoined) => {
        place.setJoined(isJoined);
        this.#open.setJoined(link, isJoined);
      },
    });
    this.#open.add(link);
    const heartbeat = new Heartbeat({ clock, timers: this.#beats, pingMs }, link, () => {
      connection.gone(link.silentMs);
      link.cut();
    });
    const gauge = this.#gauge(stream, connection, link);
    const heard = () => {
      link.lastHeardMs = clock.steady();
    };
    socket.on("pong", heard);
    socket.on("ping", heard);
    socket.on("message", (data, isBinary) => {
      heard();
      gauge.whole();
      if (isBinary) link.close(1008);
      else connection.frame(bytesOf(data));
    });
    // ws has sent the fitting close frame itself, and the end of the connection follows.
    socket.on("error", (err) => logger.debug({ err }, "a socket broke the protocol"));
    socket.on("close", (code) => {
      heartbeat.stop();
      gauge.end();
      // What this side closes a socket with comes back from the client, and says nothing about it.
      connection.gone(0, code === pageGoesAway && !link.isClosing);
      this.#open.delete(link);
    });
  }

  #gauge(stream: Duplex, connection: Connection, link: SocketLink): FrameGauge {
    const gauge = new FrameGauge({
      largeFrames: this.#deps.largeFrames,
      user: () => connection.user,
      giveUp: (code) => link.close(code),
    });
    gauge.watch(stream);
    return gauge;
  }
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
