import { after } from "../platform.ts";
import { sayAside } from "./en-worker.ts";
import type { Notified, Pushed } from "./pushed.ts";

/** TypeScript's own library leaves these out. */
interface ShownOptions extends NotificationOptions {
  readonly actions?: readonly { readonly action: string; readonly title: string }[];
  readonly renotify?: boolean;
  readonly vibrate?: readonly number[];
}

const icons = { icon: "/icons/192.png", badge: "/icons/192.png" };
const overShownMs = 5_000;

/** The notifications of calls: one for each call that rings, one for each caller who was missed. */
export class CallNotifications {
  readonly #registration: ServiceWorkerRegistration;

  constructor(registration: ServiceWorkerRegistration) {
    this.#registration = registration;
  }

  ring({ callId, ticket, from, isVideo }: Pushed): Promise<void> {
    return this.#show(
      from?.displayName ?? sayAside.somebody,
      { kind: "ring", callId, ticket, caller: from?.phone },
      {
        body: isVideo ? sayAside.video : sayAside.audio,
        tag: callId,
        requireInteraction: true,
        renotify: true,
        vibrate: [400, 250, 400, 250, 400],
        // Safari shows none: a tap opens the page, which rings on.
        actions: [
          { action: "answer", title: sayAside.answer },
          { action: "decline", title: sayAside.decline },
        ],
      },
    );
  }

  /** Takes the place of the ring, and of earlier calls of the same caller that were missed. */
  async missed({ callId, from, count = 1, isVideo }: Pushed): Promise<void> {
    const name = from?.displayName ?? sayAside.somebody;
    await this.#show(
      sayAside.missed(name, count),
      { kind: "missed", callId, caller: from?.phone },
      {
        body: isVideo ? sayAside.video : sayAside.audio,
        tag: `missed ${from?.phone ?? ""}`,
        silent: true,
        actions: from === undefined ? [] : [{ action: "call", title: sayAside.callBack }],
      },
    );
    // Not before: a worker that shows nothing for a push loses the right to it.
    await this.close(callId);
  }

  /** Says how it ended, in the ring's place, and closes itself. */
  async over({ callId, from, reason }: Pushed): Promise<void> {
    const body = reason === "declined_elsewhere" ? sayAside.declinedElsewhere : sayAside.answeredElsewhere;
    const title = from?.displayName ?? sayAside.somebody;
    await this.#show(title, { kind: "over", callId }, { body, tag: callId, silent: true });
    await new Promise<void>((resolve) => after(overShownMs, resolve));
    await this.close(callId);
  }

  async close(tag: string): Promise<void> {
    for (const notification of await this.#registration.getNotifications({ tag })) notification.close();
  }

  #show(title: string, data: Notified, options: ShownOptions): Promise<void> {
    return this.#registration.showNotification(title, { ...icons, ...options, data } as NotificationOptions);
  }
}
