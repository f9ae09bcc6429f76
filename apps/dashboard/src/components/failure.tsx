import { say, sentenceFor } from "../i18n/words.ts";

/** What went wrong, in words, and the way to try once more. */
export function Failure({ error, reload }: { readonly error?: unknown; readonly reload: () => void }) {
  return (
    <div class="note bad" role="alert" data-testid="error">
      <p>{sentenceFor(error)}</p>
      <p>
        <button type="button" class="button compact" onClick={reload}>
          {say.again}
        </button>
      </p>
    </div>
  );
}
