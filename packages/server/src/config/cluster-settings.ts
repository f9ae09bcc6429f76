import { anyText, keyPrefix, redisUrl, sentinels, wholeNumber } from "./kinds.ts";
import { setting } from "./setting.ts";

/** What makes several servers one system. */
export const clusterSettings = {
  redisUrl: setting({
    name: "REDIS_URL",
    group: "Several servers",
    doc:
      "Makes the servers that are given the same Redis (7.0 or later, or Valkey) and the same MongoDB one system, with" +
      " calls between them. Without it there is one server.",
    kind: redisUrl,
    byDefault: undefined,
    secret: true,
  }),
  redisSentinels: setting({
    name: "REDIS_SENTINELS",
    group: "Several servers",
    doc:
      "The sentinels that watch that Redis, in place of its address. What REDIS_URL says of a user, a password, a" +
      " database and TLS holds for the primary that they name; its host does not count.",
    kind: sentinels,
    byDefault: undefined,
    secret: true,
  }),
  redisSentinelName: setting({
    name: "REDIS_SENTINEL_NAME",
    group: "Several servers",
    doc: "What those sentinels call the primary.",
    kind: anyText,
    byDefault: undefined,
  }),
  redisPrefix: setting({
    name: "ECHOO_REDIS_PREFIX",
    group: "Several servers",
    doc: "What the names of all keys in that Redis begin with: one system each.",
    kind: keyPrefix,
    byDefault: "echoo:",
  }),
  nodeId: setting({
    name: "ECHOO_NODE_ID",
    group: "Several servers",
    doc: "What this server is called in logs and in the health of the system.",
    kind: anyText,
    byDefault: undefined,
    defaultText: "the machine's name",
  }),
  nodeLostMs: setting({
    name: "ECHOO_NODE_LOST_MS",
    group: "Several servers",
    doc:
      "How long a server may give no sign of life before the others take over its calls. Less than a third of" +
      " ECHOO_RESUME_MS.",
    kind: wholeNumber("milliseconds", 3_000, 20_000),
    byDefault: 8_000,
  }),
  drainMs: setting({
    name: "ECHOO_DRAIN_MS",
    group: "Several servers",
    doc:
      "How long a server that is told to end may take to hand its calls to the others and to say goodbye. What ends" +
      " it must wait longer than that.",
    kind: wholeNumber("milliseconds", 1_000, 120_000),
    byDefault: 10_000,
  }),
};
