/**
 * A description that names no address: without the candidates, which are sent one by one, and with the placeholders
 * that stand there before any was found (RFC 8840, 4.1.1). A browser writes what it has gathered into each new one.
 */
export function withoutAddresses(sdp: string): string {
  return sdp
    .replace(/^a=(candidate:.*|end-of-candidates)\r?\n/gm, "")
    .replace(/^c=IN IP\d \S+/gm, "c=IN IP4 0.0.0.0")
    .replace(/^(?<rtcp>a=rtcp:)\d+ IN IP\d \S+/gm, "$<rtcp>9 IN IP4 0.0.0.0")
    .replace(/^(m=\w+) [1-9]\d* /gm, "$1 9 ");
}
