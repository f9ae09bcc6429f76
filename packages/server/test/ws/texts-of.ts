import * as ws from "ws";

interface Receiver {
  on(event: "message", run: (text: Buffer, isBinary: boolean) => void): void;
  write(frames: Buffer): void;
}
/** Reads frames as clients do; its types leave it out. */
const { Receiver } = ws as unknown as { readonly Receiver: new (options: object) => Receiver };

/** The texts in these frames, which are whole. */
export function textsOf(frames: Buffer): string[] {
  const texts: string[] = [];
  const receiver = new Receiver({ isServer: false });
  receiver.on("message", (text, isBinary) => texts.push(isBinary ? "not a text" : text.toString()));
  receiver.write(frames);
  return texts;
}
