import { frameBytesOf } from "../browser/client-limits.ts";
import { clientMessages } from "../client-messages.ts";
import { limits } from "../limits.ts";

const kib = (bytes: number) => (bytes < 1024 * 1024 ? `${bytes / 1024} KiB` : `${bytes / 1024 / 1024} MiB`);

const largerFrames = Object.keys(clientMessages)
  .filter((type) => frameBytesOf(type) > limits.frameBytes)
  .map((type) => `\`${type}\` ${kib(frameBytesOf(type))}`)
  .join(", ");

/** What a client must know besides the messages themselves; each an own paragraph. */
export const connectionNotes: readonly string[] = [
  "One JSON object per text frame, with a `type`, no compression. " +
    "Unknown fields are dropped; an unknown type is answered with `error unknown_type` and is otherwise harmless.",
  `A frame has at most ${kib(limits.frameBytes)}; ${largerFrames}. These hold the largest message that the fields ` +
    "allow, however its JSON is escaped. What is larger is refused with `error payload_too_large`, which names the " +
    "message in words and carries its `id`, and what was sent behind it is handled: do not send it again. Only a frame " +
    `of more than ${kib(limits.skippedFrameBytes)}, or of more than ${kib(limits.frameBytes)} before the join, ends ` +
    "its socket, with `1009`.",
  "The server pings every 15 s (RFC 6455, 5.5.2) and takes a socket for dead after two that go unanswered. A socket " +
    "that has not joined in time gets `error join_timeout` and is closed.",
  "A session that names `protocol: 2` in `join` is current; one that does not is legacy, and is never sent a close frame.",
  "A message that carries `id` is answered once by `ack` or `error` with that `id`. `from` may be sent and is ignored: " +
    "the server stamps the socket's own identity on all that it relays.",
  "A current session numbers its messages with a rising `n`, and messages of calls come to it with a rising `seq`; " +
    `what \`ping.seq\` has not confirmed is kept for a resume, at most ${limits.resumeQueueMessages} messages and ` +
    `${kib(limits.resumeQueueBytes)}.`,
  "`n` counts within one session, also where that is resumed, and may go on rising over the next ones. What comes with " +
    "a number that is not above the highest so far was handled before and is dropped without a word; `ping` and " +
    "`leave` are handled whatever their number. A client that counts anew joins anew.",
];
