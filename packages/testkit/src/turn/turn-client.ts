import { createHash } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { defaultDeadlineMs, realClock, withDeadline } from "../platform.ts";
import {
  attributes as attribute,
  type Endpoint,
  methods,
  readStun,
  readXorAddress,
  type StunMessage,
  writeStun,
  writeXorAddress,
} from "./stun-message.ts";

/** A datagram may be lost, even on loopback. */
const repeatMs = 500;
const udp = Buffer.from([17, 0, 0, 0]);
const families = { 4: Buffer.from([1, 0, 0, 0]), 6: Buffer.from([2, 0, 0, 0]) } as const;
const firstChannel = 0x4000;

export interface TurnLogin {
  readonly username: string;
  readonly credential: string;
}

type Attributes = readonly (readonly [number, Buffer])[];
/** 0 for a success, otherwise the error's code, such as 401 or 403. */
type Code = number;

/** A TURN client over UDP that hides nothing: what the server says to each request is the result. */
export class TurnClient {
  readonly #socket: Socket;
  readonly #server: Endpoint;
  readonly #login: TurnLogin;
  readonly #waiting = new Map<string, (answer: StunMessage) => void>();
  readonly #arrived: { readonly from: Endpoint; readonly data: Buffer }[] = [];
  #wakeReader: () => void = () => {};
  #challenge: { readonly realm: Buffer; readonly nonce: Buffer } | undefined;
  #transactions = 0;

  static async open(server: Endpoint, login: TurnLogin = { username: "", credential: "" }): Promise<TurnClient> {
    const socket = createSocket("udp4");
    socket.bind(0, "0.0.0.0");
    await once(socket, "listening");
    return new TurnClient(socket, server, login);
  }

  private constructor(socket: Socket, server: Endpoint, login: TurnLogin) {
    this.#socket = socket;
    this.#server = server;
    this.#login = login;
    socket.on("message", (frame) => this.#onMessage(frame));
  }

  /** Waits until there is a server that answers. */
  async answers(): Promise<void> {
    await this.#request(methods.binding, []);
  }

  async allocate(family: 4 | 6 = 4): Promise<{ readonly code: Code; readonly relayed: Endpoint }> {
    const answer = await this.#signed(methods.allocate, () => [
      [attribute.requestedTransport, udp],
      [attribute.requestedAddressFamily, families[family]],
    ]);
    const relayed = answer.attributes.get(attribute.xorRelayedAddress);
    const nowhere = { address: "", port: 0 };
    return { code: codeOf(answer), relayed: relayed ? readXorAddress(relayed, answer.transaction) : nowhere };
  }

  /** Asks to be allowed to exchange data with a peer; nothing is sent to that one. */
  async permit(address: string): Promise<Code> {
    return codeOf(
      await this.#signed(methods.createPermission, (transaction) => [
        [attribute.xorPeerAddress, writeXorAddress({ address, port: 9 }, transaction)],
      ]),
    );
  }

  /** The other way to reach a peer, which asks for the permission by itself. */
  async bindChannel(peer: Endpoint): Promise<Code> {
    const number = Buffer.alloc(4);
    number.writeUInt16BE(firstChannel, 0);
    return codeOf(
      await this.#signed(methods.channelBind, (transaction) => [
        [attribute.channelNumber, number],
        [attribute.xorPeerAddress, writeXorAddress(peer, transaction)],
      ]),
    );
  }

  async refresh(lifetimeSec: number): Promise<Code> {
    const lifetime = Buffer.alloc(4);
    lifetime.writeUInt32BE(lifetimeSec, 0);
    return codeOf(await this.#signed(methods.refresh, () => [[attribute.lifetime, lifetime]]));
  }

  /** Through the relay, to a peer that was permitted. */
  send(peer: Endpoint, data: Buffer): void {
    const transaction = this.#nextTransaction();
    const address = writeXorAddress(peer, transaction);
    const all = new Map([
      [attribute.xorPeerAddress as number, address],
      [attribute.data, data],
    ]);
    this.#transmit(writeStun({ method: methods.send, kind: "indication", transaction, attributes: all }));
  }

  /** The next data that a peer sent through the relay. */
  async receive(): Promise<{ readonly from: Endpoint; readonly data: Buffer }> {
    const arrived = new Promise<void>((resolve) => {
      this.#wakeReader = resolve;
      if (this.#arrived.length > 0) resolve();
    });
    await withDeadline(arrived, defaultDeadlineMs, () => "nothing came through the relay");
    const [first] = this.#arrived.splice(0, 1);
    if (!first) throw new Error("two readers wait for the same data");
    return first;
  }

  close(): void {
    this.#socket.close();
  }

  /** Asks as a client that has no nonce yet, or an old one: what the server then says of it is used for a second try. */
  async #signed(method: number, make: (transaction: Buffer) => Attributes): Promise<StunMessage> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.#request(method, make, this.#challenge);
      const [realm, nonce] = [answer.attributes.get(attribute.realm), answer.attributes.get(attribute.nonce)];
      const isChallenge = [401, 438].includes(codeOf(answer)) && realm !== undefined && nonce !== undefined;
      if (!isChallenge || tries === 2) return answer;
      this.#challenge = { realm, nonce };
    }
  }

  async #request(
    method: number,
    make: Attributes | ((transaction: Buffer) => Attributes),
    challenge?: { readonly realm: Buffer; readonly nonce: Buffer },
  ): Promise<StunMessage> {
    const transaction = this.#nextTransaction();
    const own = typeof make === "function" ? make(transaction) : make;
    const proof = challenge ? this.#proof(challenge) : [];
    const message = { method, kind: "request", transaction, attributes: new Map([...own, ...proof]) } as const;
    const frame = writeStun(message, challenge && this.#key(challenge.realm));
    const answer = new Promise<StunMessage>((resolve) => this.#waiting.set(transaction.toString("hex"), resolve));
    let cancel = () => {};
    const transmit = () => {
      this.#transmit(frame);
      cancel = realClock.after(repeatMs, transmit);
    };
    transmit();
    const { address, port } = this.#server;
    return withDeadline(answer, 2 * defaultDeadlineMs, () => `${address}:${port} does not answer STUN`).finally(() => {
      cancel();
      this.#waiting.delete(transaction.toString("hex"));
    });
  }

  #proof({ realm, nonce }: { readonly realm: Buffer; readonly nonce: Buffer }): Attributes {
    const username = Buffer.from(this.#login.username);
    return [
      [attribute.username, username],
      [attribute.realm, realm],
      [attribute.nonce, nonce],
    ];
  }

  /** The key of long-term credentials (RFC 8489, 9.2.2). */
  #key(realm: Buffer): Buffer {
    const { username, credential } = this.#login;
    return createHash("md5").update(`${username}:${realm}:${credential}`).digest();
  }

  #nextTransaction(): Buffer {
    this.#transactions += 1;
    const transaction = Buffer.alloc(12);
    transaction.writeUInt32BE(this.#transactions, 8);
    return transaction;
  }

  #transmit(frame: Buffer): void {
    this.#socket.send(frame, this.#server.port, this.#server.address);
  }

  #onMessage(frame: Buffer): void {
    const message = readStun(frame);
    if (!message) return;
    if (message.kind === "indication" && message.method === methods.data) this.#onData(message);
    else this.#waiting.get(message.transaction.toString("hex"))?.(message);
  }

  #onData({ attributes, transaction }: StunMessage): void {
    const [peer, data] = [attributes.get(attribute.xorPeerAddress), attributes.get(attribute.data)];
    if (!peer || !data) return;
    this.#arrived.push({ from: readXorAddress(peer, transaction), data: Buffer.from(data) });
    this.#wakeReader();
  }
}

function codeOf(answer: StunMessage): Code {
  const error = answer.attributes.get(attribute.errorCode);
  return error === undefined ? 0 : (error[2] ?? 0) * 100 + (error[3] ?? 0);
}
