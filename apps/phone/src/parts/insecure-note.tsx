import { say } from "../sentences/say.ts";
import { Icon } from "./icon.tsx";

const securePort = 3443;

/** Where the page was opened in a way that keeps camera and microphone from it: says so, and where to go. */
export function InsecureNote() {
  if (window.isSecureContext && navigator.mediaDevices) return null;
  const secure = `https://${location.hostname}:${securePort}/${location.search}`;
  return (
    <section class="note" aria-label={say.insecure.heading}>
      <Icon name="alert" size={20} />
      <div class="insecure">
        <strong>{say.insecure.heading}</strong>
        <p>{say.insecure.why}</p>
        <p>
          {say.insecure.what} <a href={secure}>{secure}</a>
        </p>
        <p class="soft">{say.insecure.tunnel}</p>
      </div>
    </section>
  );
}
