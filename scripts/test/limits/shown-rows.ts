import { administration } from "./administration.ts";
import { auditLog } from "./audit-log.ts";
import { oneAddress } from "./one-address.ts";
import { oneCall } from "./one-call.ts";
import { oneMessage } from "./one-message.ts";
import { largeFrames, oneUser } from "./one-user.ts";
import { sdk } from "./sdk.ts";
import { serverMemory } from "./server-memory.ts";
import { severalNodes } from "./several-nodes.ts";
import { socketBounds } from "./socket-bounds.ts";
import { webPhone } from "./web-phone.ts";
import { whichEndGoes } from "./which-end-goes.ts";
import { wholeServer } from "./whole-server.ts";

/** What shows that a row of the guide is true. */
export interface ShownRow {
  /** What the row must say, as the code has it. */
  readonly figures?: readonly string[];
  /** By their files, the titles of the tests that go one past the bound. */
  readonly shown: Readonly<Record<string, string | readonly string[]>>;
}

/** By the first cell of the row. */
export type ShownRows = Readonly<Record<string, ShownRow>>;

/** By the heading above the table. */
export const shownRows: Readonly<Record<string, ShownRows>> = {
  "One socket": socketBounds,
  "One message": oneMessage,
  "One address": oneAddress,
  "One user": oneUser,
  "Large frames": largeFrames,
  "One call": oneCall,
  "The SDK": sdk,
  "The web phone": webPhone,
  "Which end goes": whichEndGoes,
  Administration: administration,
  "The whole server": { ...wholeServer, ...serverMemory, ...auditLog },
  "Several nodes": severalNodes,
};
