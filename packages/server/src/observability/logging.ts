import { cleanText, withoutSecrets } from "@echoo/accounts";
import type { Clock } from "@echoo/core";
import { type Bindings, type ChildLoggerOptions, type DestinationStream, type LogFn, type Logger, pino } from "pino";
import { LogQuota, logBounds } from "./log-quota.ts";

export type { Logger };

const leftOutMessage = "lines were left out of the log";
/** Pino's number for `info`. Who asks for more than that wants to see all of it. */
const infoLevel = 30;
/** Those of which each line tells of a change of its own. */
const transitionLoggers = new WeakSet<object>();

/** Whether a line may be written: of its kind the log takes so many. */
type TakesLine = (message: string, max: number) => boolean;

/** The log of a server, of which no call site can fill the disk by being reached too often. */
export interface BoundedLog {
  readonly logger: Logger;
  /** Tells what was left out so far: the last words of a process. */
  readonly tellLeftOut: () => void;
}

export function createBoundedLog(level: string, clock: Clock, destination?: DestinationStream): BoundedLog {
  const quota = new LogQuota(clock, (of, leftOut) => logger.warn({ of, leftOut }, leftOutMessage));
  const logger = loggerWithin(level, (message, max) => quota.takes(message, max), destination);
  return { logger, tellLeftOut: () => quota.tellAll() };
}

/** A log that takes every line. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return loggerWithin(level, () => true, destination);
}

/**
 * One JSON object a line. Whatever is logged passes `withoutSecrets` first, so that no call site can leak a token, a code,
 * an SDP, a whole number or a whole address by forgetting about it.
 */
function loggerWithin(level: string, takes: TakesLine, destination: DestinationStream | undefined): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) => withoutSecrets(fields),
    },
    hooks: {
      logMethod(args: Parameters<LogFn>, method: LogFn, lineLevel: number) {
        const [fields, message, ...rest] = args as unknown[];
        const text = typeof fields === "string" ? fields : message;
        if (lineLevel >= infoLevel && text !== leftOutMessage) {
          const max = transitionLoggers.has(this) ? logBounds.transitionsOfAKind : logBounds.linesOfAKind;
          if (!takes(String(text), max)) return;
        }
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

/** For what changes sessions and calls: a line for each, as far as that goes. */
export function logOfTransitions(logger: Logger): Logger {
  const child = logger.child({});
  transitionLoggers.add(child);
  return child;
}

function cleanArgument(argument: unknown): unknown {
  return typeof argument === "string" ? cleanText(argument) : argument;
}

function errorMessageOf(fields: unknown): string | undefined {
  if (fields instanceof Error) return fields.message;
  const { err } = typeof fields === "object" && fields !== null ? (fields as { err?: unknown }) : {};
  return err instanceof Error ? err.message : undefined;
}
