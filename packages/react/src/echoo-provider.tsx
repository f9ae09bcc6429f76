/** @jsxImportSource react */
import type { EchooClient, EchooRest } from "@echoo/client";
import type { EchooDevices } from "@echoo/client/devices";
import { type ReactNode, useEffect, useMemo } from "react";
import { EchooContext } from "./echoo-context.ts";
import { stay } from "./stay-online.ts";

export interface EchooProviderProps {
  /** Made once, outside the components: it is the connection, and outlives each rendering. */
  readonly client: EchooClient;
  /** For `useContacts` and `useHistory`. */
  readonly rest?: EchooRest;
  /** For `useDevices`. */
  readonly devices?: EchooDevices;
  readonly children?: ReactNode;
}

/** Connects the client as long as it is on the page, and gives it to the hooks below. */
export function EchooProvider({ client, rest, devices, children }: EchooProviderProps): ReactNode {
  useEffect(() => stay(client), [client]);
  const value = useMemo(() => ({ client, rest, devices }), [client, rest, devices]);
  return <EchooContext.Provider value={value}>{children}</EchooContext.Provider>;
}
