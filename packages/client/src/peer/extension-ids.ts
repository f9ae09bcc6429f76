const extension = /^a=extmap:(?<id>\d+)\S* (?<uri>\S+).*\r?\n/gm;

/**
 * The ids under which one connection's own offers name RTP header extensions (RFC 8285). An id keeps its meaning as
 * long as the connection lives, also where the offer was taken back: Chromium refuses a description that gives it
 * another, and takes no description at all from then on (webrtc.org, "RTP extension ID reassignment not supported";
 * github.com/versatica/mediasoup-client/issues/368). Where both sides offer at once the peer cannot know of them.
 */
export class ExtensionIds {
  /** As many as there are ids in the browser's own offers: at most 255 by RFC 8285. */
  readonly #uris = new Map<string, string>();

  /** An offer of this side is on its way. */
  offered(sdp: string): void {
    for (const { id, uri } of extensions(sdp)) if (!this.#uris.has(id)) this.#uris.set(id, uri);
  }

  /** The peer's offer without the extensions whose ids mean something else here: they are not used in this call then. */
  withoutOthers(sdp: string): string {
    return sdp.replace(extension, (line: string, id: string, uri: string) =>
      (this.#uris.get(id) ?? uri) === uri ? line : "",
    );
  }

  /** The next connection starts with none. */
  reset(): void {
    this.#uris.clear();
  }
}

function extensions(sdp: string): { readonly id: string; readonly uri: string }[] {
  return [...sdp.matchAll(extension)].map(([, id = "", uri = ""]) => ({ id, uri }));
}
