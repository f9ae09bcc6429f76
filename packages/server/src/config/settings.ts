import { clusterSettings } from "./cluster-settings.ts";
import {
  anyText,
  choice,
  hostNames,
  iceUrls,
  keySetUrl,
  mongodbUri,
  onOff,
  portOrOff,
  rotatedSecrets,
  secretText,
  trustedProxies,
  webOrigins,
  webUrl,
  wholeNumber,
} from "./kinds.ts";
import { pushSettings } from "./push-settings.ts";
import { setting } from "./setting.ts";
import { webhookSettings } from "./webhooks/webhook-settings.ts";

const hourMs = 3_600_000;

/** Every setting there is. The reference page and the flags of the command line come from this table. */
export const settings = {
  environment: setting({
    name: "NODE_ENV",
    group: "Server",
    doc: "`production` closes everything that is open for the sake of trying Echoo out.",
    kind: anyText,
    byDefault: "development",
  }),
  port: setting({
    name: "PORT",
    group: "Server",
    doc: "The port for HTTP and WebSocket. 0 takes any free one.",
    kind: wholeNumber("", 0, 65_535),
    byDefault: 3000,
  }),
  host: setting({
    name: "HOST",
    group: "Server",
    doc: "The address to listen on.",
    kind: anyText,
    byDefault: "0.0.0.0",
  }),
  tlsCert: setting({
    name: "TLS_CERT",
    group: "Server",
    doc:
      "The certificate, with those of its issuers after it, as a PEM file: PORT then speaks HTTPS and WSS alone. A new" +
      " one in its place is used from the next connection on.",
    kind: anyText,
    byDefault: undefined,
  }),
  tlsKey: setting({
    name: "TLS_KEY",
    group: "Server",
    doc: "The key of that certificate, as a PEM file without a passphrase.",
    kind: anyText,
    byDefault: undefined,
  }),
  devHttpsPort: setting({
    name: "ECHOO_DEV_HTTPS_PORT",
    group: "Server",
    doc:
      "Outside production the server also speaks HTTPS, on this port and with a certificate of its own, so that the" +
      " browser of a phone gives it the camera. 0 takes any free one.",
    kind: portOrOff,
    byDefault: undefined,
    defaultText: "`3443`; a free one with `PORT=0`; none in production and with `TLS_CERT`",
  }),
  publicUrl: setting({
    name: "ECHOO_PUBLIC_URL",
    group: "Server",
    doc: "Where clients reach the server, if that is not its own address. With https, browsers are told to stay on it.",
    kind: webUrl,
    byDefault: undefined,
  }),
  trustProxy: setting({
    name: "ECHOO_TRUST_PROXY",
    group: "Server",
    doc: "The proxies in front whose X-Forwarded-For is believed: how many, or their networks (`loopback` is one).",
    kind: trustedProxies,
    byDefault: undefined,
  }),
  origins: setting({
    name: "ECHOO_ORIGINS",
    group: "Server",
    doc: "Origins of web pages that may use the server from a browser, besides its own.",
    kind: webOrigins,
    byDefault: [],
    defaultText: "the server's own",
  }),
  dataDir: setting({
    name: "ECHOO_DATA",
    group: "Storage",
    doc: "The folder of the embedded database and the journal.",
    kind: anyText,
    byDefault: "./data",
  }),
  mongodbUri: setting({
    name: "MONGODB_URI",
    group: "Storage",
    doc: "Stores everything in MongoDB instead of the embedded database: mongodb:// or mongodb+srv://, as the driver has it.",
    kind: mongodbUri,
    byDefault: undefined,
    secret: true,
  }),
  mongodbName: setting({
    name: "ECHOO_DB",
    group: "Storage",
    doc: "The database's name within MongoDB.",
    kind: anyText,
    byDefault: "echoo",
  }),
  ...clusterSettings,
  secret: setting({
    name: "ECHOO_SECRET",
    group: "Accounts and access",
    doc: "Keys invitations, the stored one-time codes and the user names for TURN. The same on every server of a system.",
    kind: secretText(32),
    byDefault: undefined,
    defaultText: "made at the first start and kept in the data folder",
    secret: true,
  }),
  proof: setting({
    name: "ECHOO_PROOF",
    group: "Accounts and access",
    doc:
      "How people prove that a number is theirs: `invite` by a link that is good once (`echoo invite`), `webhook` by a" +
      " code that your gateway sends. `dev` hands the code out, and only where open access covers it.",
    kind: choice("invite", "webhook", "dev"),
    byDefault: (production) => (production ? "invite" : "dev"),
    defaultText: "`dev`; in production `invite`",
  }),
  otpWebhookUrl: setting({
    name: "ECHOO_OTP_WEBHOOK_URL",
    group: "Accounts and access",
    doc: "Where one-time codes are posted to, for your SMS gateway to send. In production https, or in your own network.",
    kind: webUrl,
    byDefault: undefined,
  }),
  otpWebhookSecret: setting({
    name: "ECHOO_OTP_WEBHOOK_SECRET",
    group: "Accounts and access",
    doc: "Signs what is posted there (Standard Webhooks): `whsec_` and base64, as `openssl rand -base64 32` gives it.",
    kind: secretText(24),
    byDefault: undefined,
    secret: true,
  }),
  jwtSecret: setting({
    name: "ECHOO_JWT_SECRET",
    group: "Accounts and access",
    doc: "Accepts your product's own tokens (JWT), signed with this secret: HS256, and nothing else.",
    kind: secretText(32),
    byDefault: undefined,
    secret: true,
  }),
  jwksUrl: setting({
    name: "ECHOO_JWKS_URL",
    group: "Accounts and access",
    doc:
      "Accepts your product's own tokens (JWT), signed with one of the keys published there (a JSON Web Key Set; RSA," +
      " ECDSA or Ed25519). In production https, or this machine.",
    kind: keySetUrl,
    byDefault: undefined,
  }),
  jwtUserClaim: setting({
    name: "ECHOO_JWT_USER_CLAIM",
    group: "Accounts and access",
    doc: "Which claim of such a token names the user.",
    kind: anyText,
    byDefault: "sub",
  }),
  jwtIssuer: setting({
    name: "ECHOO_JWT_ISSUER",
    group: "Accounts and access",
    doc: "What `iss` of such a token must be. Without it the claim must be there, whatever it says.",
    kind: anyText,
    byDefault: undefined,
  }),
  jwtAudience: setting({
    name: "ECHOO_JWT_AUDIENCE",
    group: "Accounts and access",
    doc: "What `aud` of such a token must be, or have in it. Without it the claim must be there, whatever it says.",
    kind: anyText,
    byDefault: undefined,
  }),
  openAccess: setting({
    name: "ECHOO_OPEN_ACCESS",
    group: "Accounts and access",
    doc:
      "Who needs neither proof nor token: `local` the machine itself and its own private network, `off` no client," +
      " `all` every client that reaches the server.",
    kind: choice("local", "off", "all"),
    byDefault: (production) => (production ? "off" : "local"),
    defaultText: "`local`; in production `off`",
  }),
  hosts: setting({
    name: "ECHOO_HOSTS",
    group: "Accounts and access",
    doc:
      "Host names that the server answers to, besides addresses, `localhost`, the machine's own name, those of" +
      " `ECHOO_PUBLIC_URL` and of its certificate. In production without a name any will do.",
    kind: hostNames,
    byDefault: [],
    defaultText: "none",
  }),
  legacyJoin: setting({
    name: "ECHOO_LEGACY_JOIN",
    group: "Accounts and access",
    doc:
      "`verified-address` lets an app that cannot send a token on its socket join from an address that used that" +
      " number's token within 24 hours.",
    kind: choice("off", "verified-address"),
    byDefault: "off",
  }),
  ...pushSettings,
  ...webhookSettings,
  ringMs: setting({
    name: "ECHOO_RING_MS",
    group: "Calls",
    doc: "How long a call rings.",
    kind: wholeNumber("milliseconds", 1000, 600_000),
    byDefault: 60_000,
  }),
  callerLostMs: setting({
    name: "ECHOO_CALLER_LOST_MS",
    group: "Calls",
    doc: "How long a ringing call outlives its caller's connection.",
    kind: wholeNumber("milliseconds", 100, 600_000),
    byDefault: 10_000,
  }),
  connectMs: setting({
    name: "ECHOO_CONNECT_MS",
    group: "Calls",
    doc: "How long after the answer both sides may take to connect.",
    kind: wholeNumber("milliseconds", 100, 600_000),
    byDefault: 30_000,
  }),
  resumeMs: setting({
    name: "ECHOO_RESUME_MS",
    group: "Calls",
    doc: "How long a lost connection can be resumed; an answered call waits as long, or, for a device that cannot resume, for as long as its peer stays.",
    kind: wholeNumber("milliseconds", 100, 600_000),
    byDefault: 45_000,
  }),
  pingMs: setting({
    name: "ECHOO_PING_MS",
    group: "Calls",
    doc: "How often the server asks each connection for a sign of life; two missed ones end it.",
    kind: wholeNumber("milliseconds", 100, 600_000),
    byDefault: 15_000,
  }),
  joinMs: setting({
    name: "ECHOO_JOIN_MS",
    group: "Calls",
    doc: "How long a connection may stay without joining.",
    kind: wholeNumber("milliseconds", 100, 600_000),
    byDefault: (production) => (production ? 10_000 : 60_000),
    defaultText: "`60000`; in production `10000`",
  }),
  maxCallMs: setting({
    name: "ECHOO_MAX_CALL_MS",
    group: "Calls",
    doc: "The longest call.",
    kind: wholeNumber("milliseconds", 1000, 7 * 24 * hourMs),
    byDefault: 12 * hourMs,
  }),
  icePolicy: setting({
    name: "ECHOO_ICE_POLICY",
    group: "TURN",
    doc:
      "`relay` sends all media through TURN, `relay-strangers` that of callers who are not in the callee's contacts;" +
      " neither side learns the other's address then. Needs TURN_URLS and ECHOO_TURN_SECRET.",
    kind: choice("all", "relay-strangers", "relay"),
    byDefault: "all",
  }),
  turnUrls: setting({
    name: "TURN_URLS",
    group: "TURN",
    doc: "The stun: and turn: servers that clients are told of.",
    kind: iceUrls,
    byDefault: [],
    defaultText: "none",
  }),
  turnSecrets: setting({
    name: "ECHOO_TURN_SECRET",
    group: "TURN",
    doc: "The secret shared with the TURN server. During a rotation two, newest first: the first one signs.",
    kind: rotatedSecrets(16),
    byDefault: [],
    defaultText: "none",
    secret: true,
  }),
  turnTtlSec: setting({
    name: "ECHOO_TURN_TTL_SEC",
    group: "TURN",
    doc: "How long a TURN credential is good for.",
    kind: wholeNumber("seconds", 60, 3600),
    byDefault: 3600,
  }),
  rateLimits: setting({
    name: "ECHOO_RATE_LIMITS",
    group: "Limits and retention",
    doc: "`off` is for benchmarks, and refused in production.",
    kind: onOff,
    byDefault: true,
    defaultText: "`on`",
  }),
  socketsPerAddress: setting({
    name: "ECHOO_SOCKETS_PER_ADDRESS",
    group: "Limits and retention",
    doc:
      "How many WebSockets one address may hold; three times as many may be opened in a minute. An IPv6 /64 counts as" +
      " one address, and the machine itself is not limited.",
    kind: wholeNumber("", 4, 1_000_000),
    byDefault: 2000,
  }),
  retainCallsDays: setting({
    name: "ECHOO_RETAIN_CALLS_DAYS",
    group: "Limits and retention",
    doc: "How long call records are kept.",
    kind: wholeNumber("days", 1, 36_500),
    byDefault: 365,
  }),
  retainSamplesDays: setting({
    name: "ECHOO_RETAIN_SAMPLES_DAYS",
    group: "Limits and retention",
    doc: "How long the single measurements of a call's quality, and what clients tell of it, are kept; its summary and its verdict stay with the record.",
    kind: wholeNumber("days", 1, 36_500),
    byDefault: 30,
  }),
  logLevel: setting({
    name: "ECHOO_LOG_LEVEL",
    group: "Logs and metrics",
    doc: "The least important line that is written.",
    kind: choice("silent", "fatal", "error", "warn", "info", "debug"),
    byDefault: "info",
  }),
  metricsToken: setting({
    name: "ECHOO_METRICS_TOKEN",
    group: "Logs and metrics",
    doc: "Lets a collector that sends it as a bearer token read /metrics. Where it is not set, the machine itself may read them in development.",
    kind: secretText(16),
    byDefault: undefined,
    secret: true,
  }),
};
