import type { CreateIndexesOptions, IndexSpecification } from "mongodb";

interface Index {
  readonly key: IndexSpecification;
  readonly name: string;
  readonly options?: CreateIndexesOptions;
}

/** Those of earlier versions in whose place others came: they go once those are there. */
export const formerIndexes: Readonly<Record<string, readonly string[]>> = {
  users: ["admin"],
  calls: ["age", "unshown"],
};

const daySec = 86_400;
const byChange = { changedAtMs: 1, _id: 1 } as const;

/**
 * Every index, by collection. What is unique by nature is `_id`: users, contacts and blocks by the number, codes by
 * asker:number, tokens, invitations and calls by their id, withdrawals by their key, push devices by number and device,
 * keys of the server by their name, webhooks and their subjects by their id, statistics by callId:reporter, samples by callId:reporter:batch.
 */
export const indexes: Readonly<Record<string, readonly Index[]>> = {
  users: [
    { name: "admins", key: { admin: 1, _id: 1 }, options: { partialFilterExpression: { admin: true } } },
    { name: "untold", key: { untold: 1 }, options: { partialFilterExpression: { untold: true } } },
    { name: "suspended", key: { suspended: 1, _id: 1 }, options: { partialFilterExpression: { suspended: true } } },
  ],
  tokens: [
    { name: "hash", key: { hash: 1 }, options: { unique: true } },
    { name: "user", key: { userId: 1, createdAtMs: -1, _id: -1 } },
    { name: "expiry", key: { expiry: 1 }, options: { expireAfterSeconds: daySec } },
  ],
  invitations: [{ name: "expiry", key: { expiry: 1 }, options: { expireAfterSeconds: daySec } }],
  withdrawals: [
    { name: "owner", key: { owner: 1 } },
    { name: "expiry", key: { expiry: 1 }, options: { expireAfterSeconds: daySec } },
  ],
  codes: [
    { name: "user", key: { userId: 1, sentAtMs: -1, _id: -1 } },
    { name: "expiry", key: { expiry: 1 }, options: { expireAfterSeconds: daySec } },
  ],
  push_devices: [
    { name: "user", key: { userId: 1 } },
    { name: "address", key: { addressKey: 1 }, options: { unique: true } },
    { name: "token", key: { tokenId: 1 } },
    { name: "due", key: { dueAtMs: 1 } },
    { name: "gone", key: { gone: 1 }, options: { partialFilterExpression: { gone: true } } },
  ],
  webhook_subjects: [
    { name: "subject", key: { kind: 1, of: 1 }, options: { unique: true } },
    { name: "due", key: { "due.webhook": 1, "due.dueAtMs": 1 } },
    { name: "parties", key: { parties: 1 } },
    { name: "events", key: byChange, options: { partialFilterExpression: { eventCount: { $gt: 0 } } } },
    {
      name: "delivered",
      key: byChange,
      options: { partialFilterExpression: { eventCount: { $gt: 0 }, waiting: 0, parked: 0 } },
    },
    { name: "waiting", key: byChange, options: { partialFilterExpression: { waiting: { $gt: 0 } } } },
    { name: "parked", key: byChange, options: { partialFilterExpression: { parked: { $gt: 0 } } } },
    { name: "sweep", key: { sweepAtMs: 1 }, options: { sparse: true } },
  ],
  contacts: [{ name: "listed", key: { "list.user": 1 } }],
  blocks: [{ name: "listed", key: { "list.user": 1 } }],
  calls: [
    // A page is one scan of it in its own order; the last two make filters bounds, so that no call is read in vain.
    { name: "history", key: { viewers: 1, createdAtMs: -1, _id: -1, caller: 1, status: 1 } },
    // What a sweep takes, and what an administrator looks at: calls of everybody by time.
    { name: "recent", key: { createdAtMs: 1, _id: 1 } },
    {
      name: "unseen",
      key: { unseenBy: 1, createdAtMs: 1 },
      options: { partialFilterExpression: { unseenBy: { $exists: true } } },
    },
    {
      name: "hiddenHistory",
      key: { hiddenBy: 1, createdAtMs: -1, _id: -1 },
      options: { partialFilterExpression: { hiddenBy: { $exists: true } } },
    },
    // What a user posted, the oldest first, to count it and to make room.
    {
      name: "posted",
      key: { reportedBy: 1, createdAtMs: 1, _id: 1 },
      options: { partialFilterExpression: { reportedBy: { $exists: true } } },
    },
    {
      name: "verdict",
      key: { verdictCode: 1, createdAtMs: 1 },
      options: { partialFilterExpression: { verdictCode: { $exists: true } } },
    },
    // The few calls that a party does not see; erasing that party must find them too, and an administrator.
    {
      name: "unshownHistory",
      key: { unshownTo: 1, createdAtMs: -1, _id: -1 },
      options: { partialFilterExpression: { unshownTo: { $exists: true } } },
    },
  ],
  call_stats: [
    { name: "call", key: { callId: 1 } },
    { name: "reporter", key: { reporter: 1 } },
    { name: "age", key: { updatedAtMs: 1 } },
  ],
  call_samples: [
    { name: "reporter", key: { reporter: 1 } },
    { name: "age", key: { receivedAtMs: 1 } },
  ],
  call_reports: [
    { name: "call", key: { callId: 1 } },
    { name: "reporter", key: { reporter: 1 } },
    { name: "age", key: { receivedAtMs: 1 } },
  ],
  quality_hours: [
    { name: "dimension", key: { dimension: 1, hourMs: 1 } },
    { name: "age", key: { hourMs: 1 } },
  ],
  quality_marks: [
    { name: "free", key: { claimedUntilMs: 1, hourMs: 1 } },
    { name: "age", key: { hourMs: 1 } },
  ],
};
