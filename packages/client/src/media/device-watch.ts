import type { ClientClock } from "../client-clock.ts";
import type { Hearing, MediaPort } from "./media-port.ts";

export type Device = "microphone" | "camera" | "screen";

interface WatchPort {
  readonly clock: Pick<ClientClock, "after">;
  readonly media: Pick<MediaPort, "listen">;
  /** The track has ended without this side's doing: unplugged, permission withdrawn, sharing stopped. */
  gone(device: Device, track: MediaStreamTrack): void;
  /** The system took it away for a while, as for another program's call, or gave it back. */
  interrupted(device: Device): void;
  /** The microphone is live and switched on, and nothing but digital zeros has come from it for a while. */
  silent(track: MediaStreamTrack): void;
  /** It is heard again. */
  heard(): void;
}

/** Not every browser tells when a device goes, or does so while the machine sleeps: so it is looked at as well. */
const lookMs = 1_000;
/** Even a quiet room has some noise in it; only a microphone that hears nothing at all gives zeros for so long. */
const silentLooks = 5;

/** Notices within a second what becomes of the devices in use. */
export class DeviceWatch {
  readonly #port: WatchPort;
  readonly #tracks = new Map<Device, MediaStreamTrack>();
  #hearing: Hearing | undefined;
  #zeros = 0;
  #cancel: (() => void) | undefined;

  constructor(port: WatchPort) {
    this.#port = port;
  }

  /** This track is in use as that device from now on, or none is. */
  put(device: Device, track: MediaStreamTrack | undefined): void {
    if (this.#tracks.get(device) === track) return;
    if (track === undefined) this.#tracks.delete(device);
    else this.#tracks.set(device, track);
    if (device === "microphone") this.#listenTo(track);
    if (track === undefined) return;
    track.addEventListener("ended", () => this.#lookAt(device, track));
    for (const type of ["mute", "unmute"]) {
      track.addEventListener(type, () => {
        if (this.#tracks.get(device) === track) this.#port.interrupted(device);
      });
    }
    this.#cancel ??= this.#lookLater();
  }

  stop(): void {
    this.#cancel?.();
    this.#hearing?.stop();
    this.#hearing = undefined;
    this.#tracks.clear();
  }

  #lookLater(): () => void {
    return this.#port.clock.after(lookMs, () => {
      this.#cancel = this.#lookLater();
      for (const [device, track] of [...this.#tracks]) this.#lookAt(device, track);
      this.#hear();
    });
  }

  #lookAt(device: Device, track: MediaStreamTrack): void {
    if (track.readyState !== "ended" || this.#tracks.get(device) !== track) return;
    this.#tracks.delete(device);
    if (device === "microphone") this.#listenTo(undefined);
    this.#port.gone(device, track);
  }

  #listenTo(track: MediaStreamTrack | undefined): void {
    this.#hearing?.stop();
    this.#hearing = track && this.#port.media.listen(track);
    this.#zeros = 0;
  }

  #hear(): void {
    const track = this.#tracks.get("microphone");
    const loudest = track?.enabled && !track.muted ? this.#hearing?.loudest() : undefined;
    if (track === undefined || loudest === undefined) return;
    if (loudest > 0) {
      this.#zeros = 0;
      this.#port.heard();
      return;
    }
    this.#zeros += 1;
    if (this.#zeros === silentLooks) this.#port.silent(track);
  }
}
