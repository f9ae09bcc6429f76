import { EchooRest } from "@echoo/client";
import { useEffect, useState } from "preact/hooks";
import { say } from "../../i18n/say.ts";
import { Icon } from "../basics/icon.tsx";

/** Browsers keep camera and microphone from a page that was opened neither over HTTPS nor as localhost. */
export const isKeptOut = (): boolean => !(window.isSecureContext && navigator.mediaDevices);

/** Where the page was opened in a way that keeps camera and microphone from it: says so, and where to go. */
export function InsecureNote() {
  if (!isKeptOut()) return null;
  return (
    <section class="note" aria-label={say.insecure.heading}>
      <Icon name="alert" size={20} />
      <div class="insecure">
        <strong>{say.insecure.heading}</strong>
        <p>{say.insecure.why}</p>
        <SecureAddress />
      </div>
    </section>
  );
}

/** The same in short, beside an incoming call. */
export function InsecureRing({ id }: { readonly id: string }) {
  if (!isKeptOut()) return null;
  return (
    <div class="note" id={id}>
      <Icon name="alert" size={20} />
      <div class="insecure">
        <strong>{say.insecure.ring}</strong>
        <SecureAddress short />
      </div>
    </div>
  );
}

/** Where the same page has a camera and a microphone. */
export function SecureAddress({ short = false }: { readonly short?: boolean }) {
  const port = useHttpsPort();
  if (port === "none") return <p>{say.insecure.ask}</p>;
  // The sentence stands while the server is asked, so that nothing below it moves.
  const secure = port && `https://${location.hostname}:${port}/${location.search}${location.hash}`;
  return (
    <>
      <p>
        {say.insecure.what} {secure ? <a href={secure}>{secure}</a> : "…"}
      </p>
      {!short && <p class="soft">{say.insecure.tunnel}</p>}
    </>
  );
}

/** Where this server speaks HTTPS too; undefined while it is asked. */
function useHttpsPort(): number | "none" | undefined {
  const [port, setPort] = useState<number | "none">();
  useEffect(() => {
    const asked = new EchooRest().getHealth();
    asked.then(({ httpsPort }) => setPort(httpsPort ?? "none")).catch(() => setPort("none"));
  }, []);
  return port;
}
