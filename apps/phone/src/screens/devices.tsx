import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { DeviceRow } from "../components/account/device-row.tsx";
import { SignOutEverywhere } from "../components/account/sign-out-everywhere.tsx";
import { Problem } from "../components/basics/problem.tsx";
import { ScreenHead } from "../components/basics/screen-head.tsx";
import { Spinner } from "../components/basics/spinner.tsx";
import { sayDevices } from "../i18n/en-own-devices.ts";
import { say } from "../i18n/say.ts";
import type { AppSession } from "../state/app-session.ts";
import { useCell } from "../state/cell.ts";
import type { Phone } from "../state/phone.ts";
import { SignedInDevices } from "../state/signed-in-devices.ts";

/** Where this person is signed in; each of them can be signed out, and all at once. */
export function Devices({ phone, appSession }: { readonly phone: Phone; readonly appSession: AppSession }) {
  const devices = useMemo(() => new SignedInDevices(appSession.api), [appSession]);
  const { failure, problem, news } = useCell(devices.view);
  const status = useCell(appSession.status);
  const rings = useCell(appSession.closedRings);
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  // Once more when the server is back, whether or not it could be asked before.
  useEffect(() => {
    if (status !== "connecting") void devices.reload();
  }, [devices, status]);
  return (
    <section class="details own-devices" aria-labelledby="devices-heading">
      <ScreenHead id="devices-heading" text={say.devices.heading} heading={heading} />
      <div class="devices-body">
        <p class="soft">{sayDevices.lead}</p>
        <Problem text={failure} action={{ label: say.retry, run: () => void devices.reload() }} />
        <Problem text={problem} />
        <DeviceList devices={devices} onEnded={() => heading.current?.focus()} />
        <p class="small soft devices-news" role="status">
          {news}
        </p>
        {rings && <rings.Settings rings={rings} />}
        <SignOutEverywhere phone={phone} />
      </div>
    </section>
  );
}

interface ListProps {
  readonly devices: SignedInDevices;
  /** The row that had the focus is gone. */
  readonly onEnded: () => void;
}

function DeviceList({ devices, onEnded }: ListProps) {
  const { sessions, failure, ending } = useCell(devices.view);
  if (sessions === undefined) {
    return failure === undefined ? (
      <p class="empty waiting" role="status">
        <Spinner /> {say.loading}
      </p>
    ) : null;
  }
  const end = async (session: (typeof sessions)[number]) => {
    if (await devices.end(session)) onEnded();
  };
  const others = sessions.filter((session) => !session.current);
  return (
    <>
      {others.length === sessions.length && <p class="soft">{sayDevices.notListed}</p>}
      <ul class="device-list" data-testid="devices">
        {sessions.map((session) => (
          <DeviceRow
            key={session.id}
            session={session}
            ending={ending === session.id}
            onEnd={() => void end(session)}
          />
        ))}
      </ul>
      {others.length === 0 && <p class="soft">{sayDevices.onlyThis}</p>}
    </>
  );
}
