import { type Clock, StoreUnavailable, settingsWebhookId, type Webhooks } from "@echoo/core";

const retryMs = 5_000;

interface SettingsWebhookDeps {
  readonly webhooks: Pick<Webhooks, "put" | "remove">;
  readonly clock: Clock;
  readonly url: string | undefined;
  readonly max: number;
  readonly onKept: () => void;
  readonly onFault: (error: unknown) => void;
}

/**
 * The store is told of the webhook of the settings, or that there is none any more: at once, or when a database that was
 * away comes back. Its secrets stay in the settings. The result ends the trying.
 */
export function settingsWebhook({ webhooks, clock, url, max, onKept, onFault }: SettingsWebhookDeps): () => void {
  let cancel = () => {};
  let isOver = false;

  async function keep(): Promise<void> {
    try {
      if (url === undefined) await webhooks.remove(settingsWebhookId);
      // One more than others may be: it is never kept out by those.
      else await webhooks.put({ id: settingsWebhookId, url, secrets: [], createdAtMs: clock.now() }, max + 1);
      onKept();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) onFault(error);
      else if (!isOver) cancel = clock.after(retryMs, () => void keep());
    }
  }

  void keep();
  return () => {
    isOver = true;
    cancel();
  };
}
