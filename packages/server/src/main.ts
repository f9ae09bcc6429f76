import closeWithGrace from "close-with-grace";
import { banner } from "./banner.ts";
import { ConfigError, readConfig } from "./config/read-config.ts";
import { createLogger } from "./logging.ts";
import { startServer } from "./start-server.ts";

/** The longest a shutdown may take before the process is ended. */
const shutdownMs = 10_000;

async function main(): Promise<void> {
  const config = readConfig(process.env, process.argv.slice(2));
  const logger = createLogger(config.logLevel);
  for (const warning of config.warnings) logger.warn(warning);
  const server = await startServer({ config, logger });
  closeWithGrace({ delay: shutdownMs, logger: false }, async ({ err }) => {
    // Whatever state it is in, the journal has it: a restart is the safest way on.
    if (err) logger.fatal({ err }, "the process ends because of a fault");
    else logger.info("shutting down");
    await server.close();
  });
  process.stdout.write(`${banner(config, server)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`echoo cannot start: ${explain(error)}\n`);
  process.exitCode = 1;
});

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE") return "PORT is taken by another program; set PORT to another one";
  if (code === "EACCES") return "PORT may not be used by this user; set PORT to one above 1023";
  return message;
}
