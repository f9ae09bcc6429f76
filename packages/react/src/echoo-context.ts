import type { EchooClient, EchooRest } from "@echoo/client";
import type { EchooDevices } from "@echoo/client/devices";
import { createContext, useContext } from "react";

export interface EchooValue {
  readonly client: EchooClient;
  readonly rest: EchooRest | undefined;
  readonly devices: EchooDevices | undefined;
}

export const EchooContext = createContext<EchooValue | undefined>(undefined);

export function useEchoo(): EchooValue {
  const value = useContext(EchooContext);
  if (value === undefined) throw new Error("This needs an <EchooProvider> around it.");
  return value;
}

/** What the provider was given under that name. */
export function useGiven<Name extends "rest" | "devices">(name: Name): NonNullable<EchooValue[Name]> {
  const given = useEchoo()[name];
  if (given === undefined) throw new Error(`This needs an <EchooProvider ${name}={…}>.`);
  return given;
}
