import { connect } from "node:net";

/** What a Redis has done since it started. */
export interface RedisFigures {
  /** Those inside of scripts as well. */
  readonly commands: number;
  readonly scripts: number;
  readonly inputBytes: number;
  readonly outputBytes: number;
  readonly cpuMs: number;
}

/** Asks a Redis at a socket of this machine. */
export async function redisFigures(socket: string): Promise<RedisFigures> {
  const text = await info(socket);
  const said = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, "m").exec(text)?.[1] ?? Number.NaN);
  return {
    commands: said("total_commands_processed"),
    scripts: Number(/^cmdstat_evalsha:calls=(\d+)/m.exec(text)?.[1] ?? 0),
    inputBytes: said("total_net_input_bytes"),
    outputBytes: said("total_net_output_bytes"),
    cpuMs: (said("used_cpu_user") + said("used_cpu_sys")) * 1000,
  };
}

export function difference(after: RedisFigures, before: RedisFigures): RedisFigures {
  return {
    commands: after.commands - before.commands,
    scripts: after.scripts - before.scripts,
    inputBytes: after.inputBytes - before.inputBytes,
    outputBytes: after.outputBytes - before.outputBytes,
    cpuMs: after.cpuMs - before.cpuMs,
  };
}

/** A bulk string: its length, and so many bytes. */
function info(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    let text = "";
    socket.setEncoding("utf8");
    socket.once("error", reject);
    socket.once("connect", () => socket.write("INFO all\r\n"));
    socket.on("data", (chunk) => {
      text += chunk;
      const [, length] = /^\$(\d+)\r\n/.exec(text) ?? [];
      if (length === undefined || text.length < Number(length)) return;
      socket.destroy();
      resolve(text);
    });
  });
}
