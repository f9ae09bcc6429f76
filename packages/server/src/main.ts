import { readMachine } from "@echoo/accounts";
import closeWithGrace, { type Options } from "close-with-grace";
import { pino } from "pino";
import { allCommands } from "./commands/all-commands.ts";
import { type Command, UsageError } from "./commands/command.ts";
import { findHelp } from "./commands/find-help.ts";
import { describeUnknown, findCommand, runCommand } from "./commands/run-command.ts";
import { systemClock, systemIds } from "./composition/platform.ts";
import { type RunningServer, startServer } from "./composition/start-server.ts";
import { readVersion } from "./composition/version.ts";
import { readConfig } from "./config/read-config.ts";
import { createAnnouncer } from "./console/announcer.ts";
import { explainFault } from "./console/explain-fault.ts";
import { helpText } from "./console/help.ts";
import { GatheredLines } from "./observability/gathered-lines.ts";
import { type BoundedLog, createBoundedLog } from "./observability/logging.ts";

/** The longest a shutdown may take, besides what calls take to be handed over, before the process is ended. */
const shutdownMs = 10_000;

async function main(argv: readonly string[]): Promise<void> {
  const help = findHelp(allCommands, argv, () => helpText(readVersion(), allCommands).trimEnd());
  if (help !== undefined) {
    process.stdout.write(`${help}\n`);
    return;
  }
  const found = findCommand(allCommands, argv);
  if (found !== undefined) {
    process.exitCode = await runFound(found.command, found.rest);
    return;
  }
  const [first] = argv;
  if (first !== undefined && !first.startsWith("-") && first !== "start") {
    // After `help` the word that follows is the unknown one.
    throw new UsageError(describeUnknown(allCommands, first === "help" ? argv.slice(1) : argv));
  }
  await serve(first === "start" ? argv.slice(1) : argv);
}

async function runFound(command: Command, rest: readonly string[]): Promise<number> {
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  try {
    return await runCommand(command, rest, process.env, { print: (line) => process.stdout.write(`${line}\n`), say });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    say(`echoo ${command.name}: ${explainFault(error)}`);
    return 1;
  }
}

async function serve(argv: readonly string[]): Promise<void> {
  if (argv.includes("--version")) {
    process.stdout.write(`${readVersion()}\n`);
    return;
  }
  const config = readConfig(process.env, argv);
  const lines = new GatheredLines(pino.destination(process.stdout.fd), systemClock);
  process.once("exit", () => lines.flushSync());
  const log = createBoundedLog(config.logLevel, systemClock, lines);
  const { logger } = log;
  for (const warning of config.warnings) logger.warn(warning);
  const server = await startServer({ config, logger, clock: systemClock, ids: systemIds, machine: readMachine() });
  const reloads = reloadOnHangUp(server);
  const drainMs = config.redisUrl === undefined ? 0 : config.drainMs;
  closeInTheEnd(server, log, { delay: shutdownMs + drainMs, skip: reloads ? ["SIGHUP"] : [] });
  const announcer = createAnnouncer(config, { stdout: process.stdout, stderr: process.stderr, clock: systemClock });
  announcer.started(server);
  server.showFirstInvitation((link, expiresAtMs) => announcer.invited(link, expiresAtMs));
}

/**
 * SIGHUP tells a daemon to read its files again. In a terminal, or with no certificate to read, it means what it says:
 * the line was hung up, and the server ends.
 */
function reloadOnHangUp(server: RunningServer): boolean {
  if (!server.isSecure || process.stdin.isTTY) return false;
  process.on("SIGHUP", () => server.reloadCertificate());
  return true;
}

/** On the first signal everything ends in order; a second one means that the process should be gone now. */
function closeInTheEnd(
  server: RunningServer,
  { logger, tellLeftOut }: BoundedLog,
  { delay, skip }: { readonly delay: number; readonly skip: NonNullable<Options["skip"]> },
): void {
  const options = {
    delay,
    skip,
    logger: false,
    onSecondSignal: (signal: string) => logger.warn({ signal }, "a second signal: the process ends at once"),
    onSecondError: (err: unknown) => logger.fatal({ err }, "another fault: the process ends at once"),
    onTimeout: () => logger.error("the shutdown took too long: the process ends at once"),
  } as const;
  closeWithGrace(options, async ({ err, signal }) => {
    // Whatever state it is in, the journal has it: a restart is the safest way on.
    if (err) logger.fatal({ err }, "the process ends because of a fault");
    else logger.info({ signal }, "shutting down");
    await server.close();
    tellLeftOut();
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(
    error instanceof UsageError ? `echoo: ${error.message}\n` : `echoo cannot start: ${explainFault(error)}\n`,
  );
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
