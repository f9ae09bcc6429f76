import type { Call } from "@echoo/client";
import { mediaWait } from "@echoo/client/report";
import { useEffect, useState } from "preact/hooks";
import { mediaWaits } from "../../i18n/en-media-waits.ts";
import { say } from "../../i18n/say.ts";
import { after } from "../../platform.ts";
import { useTick } from "../basics/use-tick.ts";

/** A connection that is there by then needs no words. */
const patienceMs = 5_000;

/** What stands where a call connects: after a while, what it waits for as far as this side can know. */
export function MediaWait({ call }: { readonly call: Call }) {
  const [waited, setWaited] = useState(false);
  useEffect(() => after(patienceMs, () => setWaited(true)), []);
  useTick(1_000);
  const wait = waited ? mediaWait(call) : undefined;
  if (wait === undefined) return say.call.connecting;
  return <span data-testid="media-wait">{`${mediaWaits.before} ${mediaWaits[wait]}`}</span>;
}
