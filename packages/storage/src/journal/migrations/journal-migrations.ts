import type { Migration } from "../../sqlite/migrate.ts";
import { initial } from "./0001-initial.ts";
import { steadyBeat } from "./0002-steady-beat.ts";
import { formatsAndAside } from "./0003-formats-and-aside.ts";
import { waitingDevices } from "./0004-waiting-devices.ts";
import { changesOfCalls } from "./0005-changes-of-calls.ts";
import { formerSessions } from "./0006-former-sessions.ts";
import { pushedDevices } from "./0007-pushed-devices.ts";

/** Every schema of the journal, oldest first. */
export const journalMigrations: readonly Migration[] = [
  initial,
  steadyBeat,
  formatsAndAside,
  waitingDevices,
  changesOfCalls,
  formerSessions,
  pushedDevices,
];
