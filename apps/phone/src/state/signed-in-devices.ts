import type { OwnToken } from "@echoo/protocol";
import { sayDevices } from "../i18n/en-own-devices.ts";
import { sentenceFor } from "../i18n/sentence-for.ts";
import type { Api } from "./api.ts";
import { Cell } from "./cell.ts";

interface DevicesView {
  /** Undefined until they were read once. */
  readonly sessions: readonly OwnToken[] | undefined;
  /** Why they could not be read. */
  readonly failure: string | undefined;
  /** The one that is being signed out. */
  readonly ending: string | undefined;
  readonly problem: string | undefined;
  /** What has been done, for the screen reader. */
  readonly news: string | undefined;
}

/** The devices on which the user is signed in, and how to end it there. */
export class SignedInDevices {
  readonly view = new Cell<DevicesView>({
    sessions: undefined,
    failure: undefined,
    ending: undefined,
    problem: undefined,
    news: undefined,
  });
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  async reload(): Promise<void> {
    try {
      this.view.patch({ sessions: await this.#api.sessions(), failure: undefined });
    } catch (error) {
      this.view.patch({ failure: `${sayDevices.failed} ${sentenceFor(error)}` });
    }
  }

  /** Whether it is signed out now. */
  async end(session: OwnToken): Promise<boolean> {
    if (this.view.value.ending !== undefined) return false;
    this.view.patch({ ending: session.id, problem: undefined, news: undefined });
    try {
      await this.#api.endSession(session.id);
      const left = this.view.value.sessions?.filter(({ id }) => id !== session.id);
      this.view.patch({ sessions: left, news: sayDevices.ended(deviceLabel(session)) });
      return true;
    } catch (error) {
      this.view.patch({ problem: sentenceFor(error) });
      return false;
    } finally {
      this.view.patch({ ending: undefined });
    }
  }
}

export const deviceLabel = (session: OwnToken): string => session.device ?? sayDevices.unnamed;
