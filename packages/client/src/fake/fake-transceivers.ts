import type { TrackSender } from "../media/media-port.ts";
import { answerDirection, type Direction, directionOf, type FakeSection, receives, sends } from "./fake-sdp.ts";
import { FakeTrack } from "./fake-tracks.ts";

class FakeSender implements TrackSender {
  track: MediaStreamTrack | null;
  readonly id: string;
  /** A sender that has sent is not taken again for another track (WebRTC 1.0, addTrack). */
  wasUsed: boolean;

  constructor(id: string, track: MediaStreamTrack | null) {
    this.id = id;
    this.track = track;
    this.wasUsed = track !== null;
  }

  async replaceTrack(track: MediaStreamTrack | null): Promise<void> {
    this.track = track;
    this.wasUsed ||= track !== null;
  }
}

interface Transceiver {
  readonly kind: "audio" | "video";
  readonly sender: FakeSender;
  mid: string | undefined;
  direction: Direction;
  /** What the last local description said, and what the peer had offered if that was an answer. */
  negotiated: Direction | undefined;
  offered: Direction | undefined;
  /** Which directions are in force, as this side sees them. */
  currentDirection: Direction | undefined;
  isNew: boolean;
  receiving: boolean;
}

export interface Flow {
  readonly mid: string;
  readonly kind: "audio" | "video";
  readonly sending: MediaStreamTrack | null;
  readonly receiving: boolean;
}

/** The media sections of one fake connection. */
export class FakeTransceivers {
  readonly #all: Transceiver[] = [];
  readonly #onTrack: (track: MediaStreamTrack) => void;

  constructor(onTrack: (track: MediaStreamTrack) => void) {
    this.#onTrack = onTrack;
  }

  add(kind: "audio" | "video", direction: Direction, track: MediaStreamTrack | null = null): Transceiver {
    const transceiver: Transceiver = {
      kind,
      sender: new FakeSender(`sender-${this.#all.length}`, track),
      mid: undefined,
      direction,
      negotiated: undefined,
      offered: undefined,
      currentDirection: undefined,
      isNew: false,
      receiving: false,
    };
    this.#all.push(transceiver);
    return transceiver;
  }

  /** What the senders carry at the moment. */
  get sentTracks(): readonly MediaStreamTrack[] {
    return this.#all.flatMap(({ sender }) => sender.track ?? []);
  }

  addTrack(track: MediaStreamTrack): TrackSender {
    const kind = track.kind as "audio" | "video";
    const free = this.#all.find((one) => one.kind === kind && one.sender.track === null && !one.sender.wasUsed);
    if (free === undefined) return this.add(kind, "sendrecv", track).sender;
    free.sender.track = track;
    free.sender.wasUsed = true;
    free.direction = directionOf({ send: true, receive: receives(free.direction) });
    return free.sender;
  }

  offer(): FakeSection[] {
    for (const one of this.#all) {
      if (one.mid === undefined) {
        one.mid = String(this.#all.indexOf(one));
        one.isNew = true;
      }
      one.negotiated = one.direction;
      one.offered = undefined;
    }
    return this.#all.map((one) => ({ mid: one.mid ?? "", kind: one.kind, direction: one.direction }));
  }

  rollBack(): void {
    for (const one of this.#all) {
      if (one.isNew) one.mid = undefined;
      one.isNew = false;
      one.negotiated = one.mid === undefined ? undefined : one.currentDirection;
    }
  }

  applyOffer(sections: readonly FakeSection[]): void {
    for (const section of sections) {
      const one = this.#sectionOf(section);
      one.mid = section.mid;
      one.offered = section.direction;
      this.#receive(one, sends(section.direction) && receives(one.direction));
    }
  }

  answer(sections: readonly FakeSection[], decide: typeof answerDirection): FakeSection[] {
    return sections.map((section) => {
      const one = this.#sectionOf(section);
      const direction = decide(section.direction, one.direction);
      one.negotiated = direction;
      one.currentDirection = direction;
      return { mid: section.mid, kind: section.kind, direction };
    });
  }

  applyAnswer(sections: readonly FakeSection[]): void {
    for (const section of sections) {
      const one = this.#sectionOf(section);
      one.isNew = false;
      one.currentDirection = answerDirection(section.direction, one.direction);
      this.#receive(one, sends(section.direction) && receives(one.direction));
    }
  }

  needNegotiation(): boolean {
    return this.#all.some((one) => {
      if (one.mid === undefined) return true;
      const wanted = one.offered === undefined ? one.direction : answerDirection(one.offered, one.direction);
      return wanted !== one.negotiated;
    });
  }

  flows(): Flow[] {
    return this.#all.map((one) => {
      const sending = sends(one.currentDirection ?? "inactive") ? one.sender.track : null;
      return { mid: one.mid ?? "", kind: one.kind, sending, receiving: one.receiving };
    });
  }

  #sectionOf({ mid, kind }: FakeSection): Transceiver {
    const known = this.#all.find((one) => one.mid === mid);
    const free = this.#all.find((one) => one.mid === undefined && one.kind === kind && one.sender.wasUsed);
    return known ?? free ?? this.add(kind, "recvonly");
  }

  #receive(one: Transceiver, receiving: boolean): void {
    if (receiving && !one.receiving) {
      this.#onTrack(new FakeTrack(one.kind, `remote ${one.kind}`) as unknown as MediaStreamTrack);
    }
    one.receiving = receiving;
  }
}
