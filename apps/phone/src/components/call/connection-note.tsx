import type { ClientStatus } from "@echoo/client";
import { useEffect, useState } from "preact/hooks";
import { say } from "../../i18n/say.ts";
import { after } from "../../platform.ts";
import { Icon } from "../basics/icon.tsx";

/** A short break needs no words; of a longer one the user is told what it means. */
const patienceMs = 3000;

export function ConnectionNote({ status }: { readonly status: ClientStatus }) {
  const [waited, setWaited] = useState(false);
  useEffect(() => {
    setWaited(false);
    return status === "online" ? undefined : after(patienceMs, () => setWaited(true));
  }, [status]);
  return (
    <div role="status">
      {waited && status !== "online" && (
        <div class="note calm">
          <Icon name="info" size={20} />
          <div>{say.statusHint[status]}</div>
        </div>
      )}
    </div>
  );
}
