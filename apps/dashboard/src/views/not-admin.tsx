import { say } from "../i18n/words.ts";
import type { Session } from "../state/session.ts";

/** Another user sees nothing but how an administrator comes to be. */
export function NotAdmin({ session, onSignOut }: { readonly session: Session; readonly onSignOut: () => void }) {
  const { phone } = session;
  return (
    <main class="alone stack" data-testid="not-admin">
      <h1>{say.notAdmin.title}</h1>
      <p>{say.notAdmin.text(phone)}</p>
      <div class="note">
        <p>{say.notAdmin.first}</p>
        <p>
          <code>{say.notAdmin.command(phone)}</code>
        </p>
        <p>{say.notAdmin.next}</p>
      </div>
      <button type="button" class="button" onClick={onSignOut}>
        {say.notAdmin.other}
      </button>
    </main>
  );
}
