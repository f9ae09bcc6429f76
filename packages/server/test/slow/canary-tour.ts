import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { TestContext } from "node:test";
import {
  CurrentPeer,
  fakeAnswer,
  fakeOffer,
  RawPeer,
  RawSocket,
  type ServerProcess,
  spawnServer,
} from "@echoo/testkit";
import { SignJWT } from "jose";
import { invite } from "../../src/commands/invite.ts";
import { runCommand } from "../../src/commands/run-command.ts";
import { systemClock } from "../../src/composition/platform.ts";
import { startCodeReceiver } from "../code-gateway/code-receiver.ts";
import { ask } from "../e2e/ask.ts";
import type { Canaries } from "./canaries.ts";

const [ann, bob, cid, eve, guest] = ["15557770101", "15557770202", "15557770303", "15557770404", "host-user-7770505"];
const [annsAddress, bobsAddress] = ["203.0.113.77", "2001:db8:aaaa:bbbb::77"];

interface Person {
  readonly number: string;
  readonly token: string;
  readonly address: string;
}

/** A closed server in production, and everything one can do with it, each time with canaries in it. */
export class CanaryTour {
  readonly server: ServerProcess;
  readonly canaries: Canaries;
  readonly #receiver: Awaited<ReturnType<typeof startCodeReceiver>>;
  readonly #jwtSecret: string;
  readonly #env: Readonly<Record<string, string>>;

  static async start(test: TestContext, canaries: Canaries, more: Readonly<Record<string, string>>) {
    for (const number of [ann, bob, cid, eve, guest]) canaries.add(`the number ${number}`, number, "logs");
    canaries.add("Ann's address", annsAddress);
    canaries.add("Bob's address", bobsAddress);
    const receiver = await startCodeReceiver(test);
    const env = {
      ...{ NODE_ENV: "production", ECHOO_LOG_LEVEL: "debug", ECHOO_PROOF: "webhook", ECHOO_TRUST_PROXY: "loopback" },
      ECHOO_PUBLIC_URL: "http://calls.example",
      ECHOO_SECRET: canaries.add("the server's secret", "canary-server-secret-0123456789-abcdefgh"),
      ECHOO_OTP_WEBHOOK_URL: receiver.url,
      ECHOO_OTP_WEBHOOK_SECRET: canaries.add("the gateway's secret", "canary gateway secret, 24 and more"),
      ECHOO_JWT_SECRET: canaries.add("the host product's secret", "canary-jwt-secret-0123456789-0123456789"),
      ECHOO_METRICS_TOKEN: canaries.add("the metrics' token", "canary-metrics-token-0123"),
      TURN_URLS: "turn:turn.example:3478",
      ECHOO_TURN_SECRET: `${canaries.add("the TURN secret", "canary-turn-secret-new")},${canaries.add("the older TURN secret", "canary-turn-secret-old")}`,
      ECHOO_LEGACY_JOIN: "verified-address",
      ECHOO_RING_MS: "600000",
      ...more,
    };
    return new CanaryTour(await spawnServer({ env, test }), canaries, receiver, env);
  }

  private constructor(
    server: ServerProcess,
    canaries: Canaries,
    receiver: Awaited<ReturnType<typeof startCodeReceiver>>,
    env: Readonly<Record<string, string>> & { readonly ECHOO_JWT_SECRET: string },
  ) {
    this.server = server;
    this.canaries = canaries;
    this.#receiver = receiver;
    this.#jwtSecret = env.ECHOO_JWT_SECRET;
    this.#env = env;
  }

  /** Registers by a code, after a wrong one, one in a broken body, and a gateway that failed. */
  async proveByCode(number: string, address: string): Promise<Person> {
    const headers = { "x-forwarded-for": address };
    this.#receiver.state.answer = 500;
    await this.#ask("POST /api/auth/register", { headers, body: { phone: number } }, 502, 503);
    this.canaries.add("a code that was not sent", this.#receiver.lastCode());
    this.#receiver.state.answer = 200;
    await this.#ask("POST /api/auth/register", { headers, body: { phone: number } }, 202);
    const otp = this.canaries.add("a code", this.#receiver.lastCode());
    const wrong = this.canaries.add("a wrong code", otp === "918273" ? "918274" : "918273");
    await this.#ask("POST /api/auth/register", { headers, body: { phone: number, otp: wrong } }, 401, 403);
    await this.#text("POST", "/api/auth/register", `{"phone":"${number}","otp":"${otp}"`, headers);
    await this.#text("POST", "/auth/verify-otp", `{"phoneNumber":{"$ne":"${number}"},"otp":["${otp}"]}`, headers);
    const body = { phone: `+${number}`.slice(1), otp, displayName: "Canary Display Name", device: `${number}'s phone` };
    const { token } = await this.#ask("POST /api/auth/register", { headers, body }, 200, 201);
    return { number, address, token: this.canaries.add("a token", token) };
  }

  /** An administrator's invitation from the command line, one from the administrator, and bad ones. */
  async prove(number: string, address: string): Promise<Person> {
    const printed: string[] = [];
    const say = (line: string) => void printed.push(line);
    const env = { ...this.#env, ECHOO_DATA: this.server.data };
    await runCommand(invite, [number, "--admin"], env, { print: say, say });
    const token = /#?invite=([\w-]{30,})|\/([\w-]{40,})/.exec(printed.join(" "))?.slice(1).find(Boolean) ?? "";
    assert.ok(token, `no invitation in ${printed}`);
    const admin = await this.#invited(number, address, this.canaries.add("an administrator's invitation", token));
    const made = await this.#ask("POST /api/invitations", { token: admin.token, body: { phone: eve } }, 201);
    const invitation = this.canaries.add("an invitation", made.invite);
    await this.#ask("POST /api/invitations/read", { body: { invite: invitation } }, 200);
    await this.#ask("GET /api/invitations/read", {}, 404, 405);
    await this.#invited(eve, address, invitation);
    await this.#ask("POST /api/auth/register", { body: { phone: eve, invite: invitation } }, 403);
    await this.#ask("POST /api/auth/register", { body: { phone: eve, invite: `${invitation}x` } }, 403);
    await this.#text("GET", `/?invite=${invitation}`, undefined);
    await this.#text("GET", `/invite/${invitation}`, undefined);
    return admin;
  }

  async #invited(phone: string, address: string, invitation: string): Promise<Person> {
    const headers = { "x-forwarded-for": address };
    const { token } = await this.#ask(
      "POST /api/auth/register",
      { headers, body: { phone, invite: invitation } },
      201,
      200,
    );
    return { number: phone, address, token: this.canaries.add("a token by invitation", token) };
  }

  /** The host product's tokens: a good one, one of another key, and one that expired. */
  async withHostTokens(): Promise<void> {
    for (const [key, seconds, status] of [
      [this.#jwtSecret, 600, 200],
      ["another-key-0123456789-0123456789-0123456789", 600, 401],
      [this.#jwtSecret, -600, 401],
    ] as const) {
      const jwt = await new SignJWT({ name: "Canary Host Name" })
        .setProtectedHeader({ alg: "HS256" })
        .setSubject(guest)
        .setIssuer("host")
        .setAudience("echoo")
        .setIssuedAt()
        .setExpirationTime(new Date(systemClock.now() + seconds * 1000))
        .sign(new TextEncoder().encode(key));
      this.canaries.add("a JWT's signature", jwt.split(".")[2] ?? "");
      await this.#ask(`GET /api/users/${guest}`, { token: jwt }, status);
      const peer = await RawPeer.connect(this.server.wsUrl);
      peer.send({ type: "join", protocol: 2, token: jwt });
      await (status === 200 ? peer.next("joined") : peer.next("error"));
      peer.terminate();
    }
  }

  /** Tokens where nobody should put them, and where the shipped app does. */
  async misplaceTokens({ number, token, address }: Person): Promise<void> {
    const stray = this.canaries.add("a wrong token", "canary-wrong-token-0123456789");
    for (const each of [token, stray]) {
      await this.#text("GET", `/api/users/${number}?token=${each}&access_token=${each}`, undefined);
      await this.#text("GET", `/${each}`, undefined);
      await this.#text("GET", `/api/auth/sessions/${each}`, undefined, {
        authorization: `Basic ${each}`,
        cookie: each,
      });
      await this.#text("DELETE", `/api/auth/sessions/${each}`, undefined, { authorization: `Bearer ${each}` });
      await this.#text("POST", "/api/calls", `{"token":"${each}","caller":`, { authorization: `Bearer ${each}` });
      const peer = await RawPeer.connect(`${this.server.wsUrl}?token=${each}&userId=${number}`);
      for (const frame of [`{"type":"join","token":"${each}`, `{"type":"${each}"}`, `["${each}"]`, each])
        peer.send(frame);
      peer.send({ type: "authenticate", authToken: `${each}x` });
      peer.send({ type: "join", userId: number, token: { secret: each } });
      await peer.settle();
      peer.send({ type: "join", userId: bob, token: each });
      await peer.closed();
      const foreign = { origin: `https://evil.example/${each}`, "x-forwarded-for": address };
      await assert.rejects(RawPeer.connect(`${this.server.wsUrl}ws?token=${each}`, { headers: foreign }));
      const raw = await RawSocket.connect(this.server.url);
      raw.write(`GET /${each} HTTP/1.1\r\nHost: x\r\nAuthorization: ${each}\r\nBad header ${each}\r\n\r\n`);
      await raw.closed(5_000);
    }
    await this.#ask(`GET /api/users/${number}`, { token, headers: { "x-forwarded-for": address } }, 200);
    const app = await RawPeer.connect(this.server.wsUrl, { headers: { "x-forwarded-for": address } });
    await app.join(number);
    app.terminate();
  }

  /** Contacts, blocks, profile, statistics: whatever else a person tells the server. */
  async tellOfPeople({ number, token }: Person): Promise<void> {
    const name = this.canaries.add("a contact's name", "Canary Contact Name", "logs");
    this.canaries.add("a display name", "Canary Display Name", "logs");
    this.canaries.add("a host's name", "Canary Host Name", "logs");
    await this.#ask(`PUT /api/users/${number}/contacts/${bob}`, { token, body: { name } }, 200, 201);
    await this.#ask(`PUT /api/users/${number}/contacts/${bob}`, { token, body: { name: [name] } }, 400);
    await this.#ask(`PUT /api/users/${number}/blocks/${eve}`, { token }, 200, 201);
    await this.#ask(`PUT /api/users/${number}`, { token, body: { displayName: name } }, 200);
    await this.#ask(`GET /api/users/${number}/export`, { token }, 200);
    await this.#ask("GET /user/profile", { token }, 200);
    for (const path of [
      `/api/users/%00${number}`,
      `/api/users/${number}/nothing`,
      `/api/calls/${number}?cursor=${number}`,
    ]) {
      await this.#text("GET", path, undefined, { authorization: `Bearer ${token}` });
    }
    const turn = await this.#ask("GET /api/turn", { token }, 200);
    for (const { credential } of turn.iceServers) if (credential) this.canaries.add("a TURN credential", credential);
    const { password } = await this.#ask("GET /turn-credentials", { token }, 200);
    this.canaries.add("the app's TURN credential", password);
    await this.#text("GET", "/metrics", undefined, { authorization: `Bearer ${this.#env.ECHOO_METRICS_TOKEN}` });
    await this.#text("GET", `/metrics?token=${this.#env.ECHOO_METRICS_TOKEN}`, undefined);
  }

  /** A whole call, and its parts in all the wrong places. */
  async call(a: Person, b: Person): Promise<{ callId: string; caller: CurrentPeer; callee: CurrentPeer }> {
    const [caller, callee] = [await this.#join(a), await this.#join(b)];
    const [offer, answer, callId] = [this.#sdp(fakeOffer(41).sdp), this.#sdp(fakeAnswer(41).sdp), randomUUID()];
    const candidate = this.canaries.add("a candidate's address", "198.51.100.234");
    const ice = {
      candidate: `candidate:1 1 udp 2122260223 ${candidate} 50000 typ host`,
      sdpMid: "0",
      sdpMLineIndex: 0,
    };
    caller.send({ type: "offer", to: b.number, sdp: offer, callId, neg: 1, id: "o1" });
    await callee.next("offer");
    callee.send({ type: "ringing", callId });
    await caller.next("ringing");
    for (const wrong of [{ sdp: [offer] }, { sdp: offer, callId: { $ne: 1 } }, { sdp: offer, to: `${b.number}?` }]) {
      caller.send({ type: "offer", to: b.number, ...wrong });
    }
    callee.send({ type: "answer", callId, sdp: answer, neg: 1 });
    await caller.next("answer");
    for (const peer of [caller, callee]) {
      peer.send({ type: "candidate", callId, candidate: ice });
      peer.send({ type: "candidate", callId, candidate: { ...ice, sdpMid: [candidate] } });
      peer.send({ type: "connected", callId });
    }
    const chat = this.canaries.add("a chat's text", "canary chat text, for Bob alone");
    caller.send({ type: "chat", callId, to: b.number, message: chat });
    caller.send({ type: "chat", callId, to: eve, message: chat });
    caller.send({ type: "chat", callId, message: [chat] });
    caller.send({ type: "emoji", callId, to: b.number, emoji: chat });
    const summary = { callId, caller: a.number, callee: b.number, isVideo: false, samples: [], remote: candidate };
    caller.send({ type: "callStats", ...summary, duration: 1, note: chat });
    caller.send({
      type: "stats",
      callId,
      samples: [{ t: 1_700_000_000_000, rttMs: 20, localCandidate: candidate, sdp: offer }],
    });
    caller.send({ type: "getTurnCredentials" });
    const { password } = await caller.next("turnCredentials");
    this.canaries.add("a TURN credential by socket", password);
    caller.send({ type: offer, sdp: offer });
    for (const peer of [caller, callee]) await peer.settle();
    return { callId, caller, callee };
  }

  async #join({ number, token, address }: Person): Promise<CurrentPeer> {
    const headers = { "x-forwarded-for": address };
    return CurrentPeer.connect(this.server.wsUrl, { userId: number, token, headers, deviceId: "canary-device" });
  }

  #sdp(sdp: string): string {
    const fingerprint = /a=fingerprint:sha-256 (\S+)/.exec(sdp)?.[1] ?? "";
    const password = /a=ice-pwd:(\S+)/.exec(sdp)?.[1] ?? "";
    this.canaries.add("an SDP's fingerprint", fingerprint);
    this.canaries.add("an SDP's password", password);
    return sdp;
  }

  async #ask(request: string, options: Parameters<typeof ask>[2], ...statuses: number[]) {
    const { status, body } = await ask(this.server, request, options);
    assert.ok(statuses.includes(status), `${request} is ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  /** A request of which only matters that it is made. */
  async #text(method: string, path: string, body: string | undefined, headers: Readonly<Record<string, string>> = {}) {
    const sent = body === undefined ? {} : { body };
    const type = { "content-type": "application/json" };
    const response = await fetch(this.server.url + path, {
      method,
      headers: { ...type, ...headers },
      ...sent,
      redirect: "manual",
    });
    await response.text();
  }

  async erase({ number, token }: Person): Promise<void> {
    await this.#ask(`DELETE /api/users/${number}`, { token }, 200);
  }

  /** What everybody would do while the database is away; each is refused or fails. */
  async askInVain({ number, token }: Person): Promise<number[]> {
    const statuses: number[] = [];
    const requests = [
      "GET /api/auth/sessions",
      `GET /api/calls/${number}`,
      `DELETE /api/users/${number}`,
      "GET /turn-credentials",
    ];
    for (const request of requests) statuses.push((await ask(this.server, request, { token })).status);
    const body = { phone: cid, otp: "555123" };
    statuses.push((await ask(this.server, "POST /api/auth/register", { body })).status);
    const peer = await RawPeer.connect(this.server.wsUrl);
    peer.send({ type: "join", userId: number, token, protocol: 2 });
    await peer.settle();
    peer.terminate();
    return statuses;
  }

  static readonly userFacts = { ann, bob, cid, eve, annsAddress, bobsAddress };
}
