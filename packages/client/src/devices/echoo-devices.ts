import type { Call } from "../call/call.ts";
import { Emitter } from "../emitter.ts";
import { type ChosenDevices, type DeviceKind, deviceKinds, readChosen } from "./chosen-devices.ts";
import { browserDevices, browserMemory, type DeviceMemory, type DevicesPort } from "./devices-port.ts";

export interface Device {
  readonly id: string;
  /** Empty until the page may use a device of this kind. */
  readonly label: string;
}

/** The devices there are and those that were chosen. A new object on each change, and the same one between. */
export interface DevicesView {
  readonly audioinput: readonly Device[];
  readonly videoinput: readonly Device[];
  /** Empty where the browser lets no page choose a speaker. */
  readonly audiooutput: readonly Device[];
  /** Also of a device that is away at the moment: it is used again once it is back. */
  readonly chosen: ChosenDevices;
}

export interface DevicesEvents {
  change: DevicesView;
  /** A device could not be used, by a call or an element. */
  error: unknown;
}

export interface EchooDevicesOptions {
  readonly devices?: DevicesPort;
  readonly memory?: DeviceMemory;
}

type Apply = (changed: DeviceKind | undefined) => void;

/**
 * Which microphone, camera and speaker a user wants: listed, chosen, remembered for the next page, and used in the calls and
 * elements that are given to it. It opens no device by itself.
 */
export class EchooDevices {
  readonly #port: DevicesPort;
  readonly #memory: DeviceMemory;
  readonly #events = new Emitter<DevicesEvents>();
  readonly #uses = new Set<Apply>();
  readonly #stopWatching: () => void;
  #view: DevicesView;
  #isDisposed = false;

  constructor({ devices = browserDevices, memory = browserMemory }: EchooDevicesOptions = {}) {
    this.#port = devices;
    this.#memory = memory;
    this.#view = { audioinput: [], videoinput: [], audiooutput: [], chosen: readChosen(memory) };
    this.#stopWatching = devices.watch(() => void this.refresh());
    void this.refresh();
  }

  get view(): DevicesView {
    return this.#view;
  }

  on<T extends keyof DevicesEvents>(type: T, handler: (event: DevicesEvents[T]) => void): () => void {
    return this.#events.on(type, handler);
  }

  /** Reads the list again, as after the page was let use a device: only then browsers tell names. */
  async refresh(): Promise<void> {
    try {
      const found = await this.#port.enumerate();
      if (this.#isDisposed) return;
      const of = (kind: DeviceKind) =>
        found
          .filter((one) => one.kind === kind && one.deviceId !== "")
          .map(({ deviceId, label }) => ({ id: deviceId, label }));
      const lists = { audioinput: of("audioinput"), videoinput: of("videoinput"), audiooutput: of("audiooutput") };
      const moved = deviceKinds.filter((kind) => this.#isThere(kind) !== isIn(lists[kind], this.#view.chosen[kind]));
      this.#become({ ...this.#view, ...lists });
      for (const kind of moved) this.#apply(kind);
    } catch (error) {
      this.#events.emit("error", error);
    }
  }

  /** From now on and on the next page; `undefined` goes back to the system's default. */
  choose(kind: DeviceKind, id: string | undefined): void {
    const { [kind]: _, ...rest } = this.#view.chosen;
    const chosen = id === undefined ? rest : { ...rest, [kind]: id };
    this.#memory.write(JSON.stringify(chosen));
    this.#become({ ...this.#view, chosen });
    this.#apply(kind);
  }

  /** Uses the chosen microphone and camera in this call, and those chosen later, until it ends. The result stops it. */
  useIn(call: Call): () => void {
    const apply: Apply = (changed) => {
      for (const kind of ["audioinput", "videoinput"] as const) {
        if (changed !== undefined && changed !== kind) continue;
        const [wanted, current] = [this.#wanted(kind), call.deviceIds[kind]];
        // A kind that the call does not use has no device to change.
        if (wanted === undefined || current === undefined || current === wanted) continue;
        // biome-ignore lint/correctness/useHookAtTopLevel: a device of a call, no hook of React.
        void call.useDevice(kind, wanted).catch((error: unknown) => this.#events.emit("error", error));
      }
    };
    const tried = new Set<DeviceKind>();
    const stopMedia = call.on("media", () => {
      // Once for each kind, when it is first in use: a device that a call could not keep is not tried again and again.
      for (const kind of ["audioinput", "videoinput"] as const) {
        if (tried.has(kind) || call.deviceIds[kind] === undefined) continue;
        tried.add(kind);
        apply(kind);
      }
    });
    const stop = () => {
      this.#uses.delete(apply);
      stopMedia();
      stopEnd();
    };
    const stopEnd = call.on("ended", stop);
    this.#uses.add(apply);
    apply(undefined);
    return stop;
  }

  /** Plays this element through the chosen speaker, where the browser can, and the one chosen later. The result stops it. */
  playThrough(element: HTMLMediaElement): () => void {
    const apply: Apply = (changed) => {
      if (changed !== undefined && changed !== "audiooutput") return;
      const wanted = this.#wanted("audiooutput") ?? "";
      if (typeof element.setSinkId !== "function" || element.sinkId === wanted) return;
      void element.setSinkId(wanted).catch((error: unknown) => this.#events.emit("error", error));
    };
    this.#uses.add(apply);
    apply(undefined);
    return () => void this.#uses.delete(apply);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#stopWatching();
    this.#uses.clear();
  }

  #apply(kind: DeviceKind): void {
    for (const apply of [...this.#uses]) apply(kind);
  }

  /** The chosen one if it is there; before the list was read it is believed to be. */
  #wanted(kind: DeviceKind): string | undefined {
    return this.#view[kind].length === 0 || this.#isThere(kind) ? this.#view.chosen[kind] : undefined;
  }

  #isThere(kind: DeviceKind): boolean {
    return isIn(this.#view[kind], this.#view.chosen[kind]);
  }

  #become(view: DevicesView): void {
    this.#view = view;
    this.#events.emit("change", view);
  }
}

function isIn(devices: readonly Device[], id: string | undefined): boolean {
  return id !== undefined && devices.some((device) => device.id === id);
}
