import type { Call } from "@echoo/client";
import { isSame, type Store, Subscribers, storeOf } from "../store.ts";

const shown = [
  ...(["id", "peer", "peerName", "direction", "isVideo", "state", "interruption", "startedAtMs", "endedAtMs"] as const),
  ...([
    "endReason",
    "endedBy",
    "endSentence",
    "failure",
    "localStream",
    "remoteStream",
    "quality",
    "peerQuality",
  ] as const),
] as const;

/** A call at one moment: a new object on each change. What is done to it is done by `call`. */
export interface CallView extends Pick<Call, (typeof shown)[number] | "media" | "peerMedia" | "deviceIds"> {
  readonly call: Call;
}

const told = ["state", "interruption", "media", "device", "quality", "ended"] as const;

class CallStore implements Store<CallView> {
  readonly #call: Call;
  readonly #subscribers: Subscribers;
  #view: CallView | undefined;

  constructor(call: Call) {
    this.#call = call;
    this.#subscribers = new Subscribers(() => {
      const stops = told.map((type) => call.on(type, () => this.#subscribers.tell()));
      return () => {
        for (const stop of stops) stop();
      };
    });
  }

  get subscribe() {
    return this.#subscribers.subscribe;
  }

  readonly read = (): CallView => {
    const [call, before] = [this.#call, this.#view];
    // The call makes these three anew whenever it is asked.
    const groups = { media: call.media, peerMedia: call.peerMedia, deviceIds: call.deviceIds };
    const kept = before && {
      media: isSame(before.media, groups.media) ? before.media : groups.media,
      peerMedia: isSame(before.peerMedia, groups.peerMedia) ? before.peerMedia : groups.peerMedia,
      deviceIds: isSame(before.deviceIds, groups.deviceIds) ? before.deviceIds : groups.deviceIds,
    };
    const fields = Object.fromEntries(shown.map((field) => [field, call[field]])) as Pick<Call, (typeof shown)[number]>;
    const view: CallView = { call, ...fields, ...(kept ?? groups) };
    if (before === undefined || !isSame(before, view)) this.#view = view;
    return this.#view ?? view;
  };
}

export const callStore: (call: Call) => Store<CallView> = storeOf((call: Call) => new CallStore(call));
