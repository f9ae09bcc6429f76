import { EchooRest } from "@echoo/client";
import { useEffect, useState } from "preact/hooks";
import { say } from "../sentences/say.ts";
import { Icon } from "./icon.tsx";

/** Where the page was opened in a way that keeps camera and microphone from it: says so, and where to go. */
export function InsecureNote() {
  if (window.isSecureContext && navigator.mediaDevices) return null;
  return (
    <section class="note" aria-label={say.insecure.heading}>
      <Icon name="alert" size={20} />
      <div class="insecure">
        <strong>{say.insecure.heading}</strong>
        <p>{say.insecure.why}</p>
        <Remedy />
      </div>
    </section>
  );
}

function Remedy() {
  const port = useHttpsPort();
  if (port === "none") return <p>{say.insecure.ask}</p>;
  // The sentence stands while the server is asked, so that nothing below it moves.
  const secure = port && `https://${location.hostname}:${port}/${location.search}${location.hash}`;
  return (
    <>
      <p>
        {say.insecure.what} {secure ? <a href={secure}>{secure}</a> : "…"}
      </p>
      <p class="soft">{say.insecure.tunnel}</p>
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
