import { useState } from "preact/hooks";
import { say, sentenceFor } from "../i18n/words.ts";
import type { AdminApi } from "../state/admin-api.ts";

const words = say.people;

interface Made {
  readonly link: string;
  readonly code?: string | undefined;
}

/** Makes an invitation; it is shown this once. */
export function Invite({ api }: { readonly api: AdminApi }) {
  const [made, setMade] = useState<Made>();
  const [problem, setProblem] = useState<string>();
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const phone = String(new FormData(event.currentTarget as HTMLFormElement).get("phone") ?? "").trim();
    setProblem(undefined);
    setMade(undefined);
    api.everybody.createInvitation({ body: phone === "" ? {} : { phone } }).then(setMade, (error: unknown) => {
      setProblem(sentenceFor(error));
    });
  };
  return (
    <section class="card" style={{ marginBlockStart: "20px" }}>
      <h3>{words.invite}</h3>
      <p class="soft">{words.inviteText}</p>
      <form class="filters" onSubmit={send}>
        <label>
          {words.columns.phone}
          <input name="phone" type="tel" autocomplete="off" data-testid="invite-phone" />
        </label>
        <button type="submit" class="button" data-testid="invite">
          {words.invite}
        </button>
      </form>
      <div role="status">
        {problem !== undefined && <p class="note bad">{problem}</p>}
        {made !== undefined && (
          <p data-testid="invite-link">
            {words.invited} <code>{made.link}</code> {made.code === undefined ? "" : words.code(made.code)}
          </p>
        )}
      </div>
    </section>
  );
}
