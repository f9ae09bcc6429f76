import { codeBudget } from "../../../packages/accounts/src/limits/code-budget.ts";
import { proofLimits } from "../../../packages/accounts/src/registration/proofs.ts";
import { readConfig } from "../../../packages/server/src/config/read-config.ts";
import { usualRates } from "../../../packages/server/src/http/requests/request-limits.ts";
import { socketRates } from "../../../packages/server/src/ws/limits/socket-limits.ts";
import { count } from "./figures.ts";
import type { ShownRows } from "./shown-rows.ts";

/** The guide says these in words, as parts of the setting. */
const ofHundred = socketRates(100);

const socketLimits = "packages/server/test/ws/socket-limits.test.ts";

export const oneAddress: ShownRows = {
  "requests of the API": {
    figures: [count(usualRates.perAddress)],
    shown: {
      "packages/server/test/http/http-rules.test.ts":
        "too many requests from one address are 429 with Retry-After, but probes, health and metrics go on",
      "packages/server/test/web/rate-counter.test.ts":
        "so many are allowed in a minute, and one more is told when to come back",
    },
  },
  sockets: {
    figures: [count(readConfig({}, []).socketsPerAddress)],
    shown: {
      [socketLimits]: "counts sockets by the client's address, and refuses one too many with 429 and when to come back",
    },
  },
  "sockets that have not joined": {
    figures: [ofHundred.unjoined === 25 ? "a quarter" : `${ofHundred.unjoined} %`],
    shown: {
      [socketLimits]: "that have not joined are few, those that have are many, and each gives its place back",
    },
  },
  "new sockets, refused ones among them": {
    figures: [ofHundred.newPerMinute === 300 ? "three times" : `${ofHundred.newPerMinute} %`],
    shown: {
      [socketLimits]: "are opened so many times a minute, whatever becomes of them; then it is said when to come back",
    },
  },
  "TCP connections, whatever is said on them": {
    shown: {
      "packages/server/test/web/connections-per-address.test.ts":
        "one connection more than an address may have is cut, and taken again when another has gone",
    },
  },
  codes: {
    figures: [count(codeBudget.perAddressAnHour)],
    shown: {
      "packages/accounts/test/limits/code-budget.test.ts":
        "an address gets twenty codes an hour, whatever the numbers; for development codes no address is counted",
    },
  },
  "wrong codes and invitations": {
    figures: [count(proofLimits.wrongAnHour)],
    shown: {
      "packages/server/test/http/sent-codes.test.ts":
        "an address may show 60 wrong codes an hour, whatever the numbers; then not even a right one is looked at",
    },
  },
  "being told that a number is taken": {
    figures: [count(proofLimits.takenAnHour)],
    shown: {
      "packages/server/test/http/invitations.test.ts": [
        "an invitation without a number opens no account that exists, and tells so 20 times an hour at most",
        "an invitation tells so 20 times an hour from however many addresses, and an address by however many invitations",
      ],
    },
  },
};
