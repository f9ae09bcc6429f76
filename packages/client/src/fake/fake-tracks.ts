let lastId = 0;

/** A track without a device behind it. */
export class FakeTrack extends EventTarget {
  readonly kind: "audio" | "video";
  readonly label: string;
  readonly id: string;
  enabled = true;
  muted = false;
  readyState: "live" | "ended" = "live";

  constructor(kind: "audio" | "video", label: string, id?: string) {
    super();
    lastId += 1;
    this.kind = kind;
    this.label = label;
    this.id = id ?? `track-${lastId}`;
  }

  stop(): void {
    this.readyState = "ended";
  }

  getSettings(): MediaTrackSettings {
    return { deviceId: this.label };
  }

  /** The device was unplugged, or its user pressed the browser's own "stop sharing". */
  endByItself(): void {
    this.stop();
    this.dispatchEvent(new Event("ended"));
  }

  /** The system takes the device away for a while, or gives it back. */
  interrupt(muted: boolean): void {
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? "mute" : "unmute"));
  }
}

/** What a MediaStream does with its tracks. */
export class FakeStream {
  readonly id: string;
  readonly #tracks: Set<MediaStreamTrack>;

  constructor(tracks: readonly MediaStreamTrack[]) {
    lastId += 1;
    this.id = `stream-${lastId}`;
    this.#tracks = new Set(tracks);
  }

  getTracks(): MediaStreamTrack[] {
    return [...this.#tracks];
  }

  getAudioTracks(): MediaStreamTrack[] {
    return this.getTracks().filter((track) => track.kind === "audio");
  }

  getVideoTracks(): MediaStreamTrack[] {
    return this.getTracks().filter((track) => track.kind === "video");
  }

  addTrack(track: MediaStreamTrack): void {
    this.#tracks.add(track);
  }

  removeTrack(track: MediaStreamTrack): void {
    this.#tracks.delete(track);
  }
}
