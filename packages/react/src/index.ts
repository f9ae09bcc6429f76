"use client";

export { CallVideo, type CallVideoProps } from "./call-video.tsx";
export { EchooProvider, type EchooProviderProps } from "./echoo-provider.tsx";
export { IncomingCall, type IncomingCallProps } from "./incoming-call.tsx";
export type { CallView } from "./stores/call-store.ts";
export type { Contacts, ContactsView } from "./stores/contacts-store.ts";
export type { History, HistoryView } from "./stores/history-store.ts";
export { useCall, useConnection, useIncomingCall } from "./use-calls.ts";
export { useDevices } from "./use-devices.ts";
export { useContacts, useHistory } from "./use-people.ts";
export { usePresence } from "./use-presence.ts";
