import { type Bindings, type ChildLoggerOptions, type DestinationStream, type LogFn, type Logger, pino } from "pino";
import { cleanText, withoutSecrets } from "./log-redaction.ts";

export type { Logger };

/**
 * The log: one JSON object a line. Whatever is logged passes `withoutSecrets` first, so that no call site can leak a
 * token, a code, an SDP, a whole number or a whole address by forgetting about it.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) => withoutSecrets(fields),
    },
    hooks: {
      logMethod(args: Parameters<LogFn>, method: LogFn) {
        const [fields, message, ...rest] = args as unknown[];
        // Without a message of its own the line would take that of the error, word for word.
        const cleaned = [fields, message ?? errorMessageOf(fields), ...rest].map(cleanArgument);
        method.apply(this, cleaned as Parameters<LogFn>);
      },
    },
    // The fields are plain by then, errors included: the usual serializers would only undo that.
    serializers: { err: (value: unknown) => value },
  };
  const logger = destination === undefined ? pino(options) : pino(options, destination);
  const { child } = logger;
  // Pino writes what a child binds as it is; children inherit this method, and theirs do too.
  return Object.assign(logger, {
    child(this: Logger, bindings: Bindings, options?: ChildLoggerOptions): Logger {
      return Reflect.apply(child, this, [withoutSecrets(bindings), options]);
    },
  });
}

function cleanArgument(argument: unknown): unknown {
  return typeof argument === "string" ? cleanText(argument) : argument;
}

function errorMessageOf(fields: unknown): string | undefined {
  if (fields instanceof Error) return fields.message;
  const { err } = typeof fields === "object" && fields !== null ? (fields as { err?: unknown }) : {};
  return err instanceof Error ? err.message : undefined;
}
