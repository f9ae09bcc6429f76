import type { Clock } from "@echoo/core";
import { type Audit, type AuditEvent, type AuditFacts, isOfAdministrator } from "./audit.ts";
import { auditBounds } from "./audit-bounds.ts";
import { type AuditEntry, auditEntry } from "./audit-entry.ts";
import type { AuditFile } from "./audit-file.ts";
import { AuditQuota } from "./audit-quota.ts";

/** What was counted instead of written. */
interface Sum {
  readonly event: AuditEvent;
  readonly refusal: string | undefined;
  readonly sources: Set<string>;
  count: number;
}

interface AuditLogParts {
  readonly clock: Clock;
  readonly file: Pick<AuditFile, "append">;
  /** Of the server: keys the pseudonyms. */
  readonly secret: string;
}

/** Writes the audit log: JSON lines, one for each event, whatever ECHOO_LOG_LEVEL says. */
export class AuditLog implements Audit {
  readonly #parts: AuditLogParts;
  readonly #quota = new AuditQuota();
  readonly #sums = new Map<string, Sum>();
  #cancelSums: (() => void) | undefined;

  constructor(parts: AuditLogParts) {
    this.#parts = parts;
  }

  note(event: AuditEvent, facts: AuditFacts): void {
    const { clock, secret } = this.#parts;
    const entry = auditEntry(event, facts, clock.now(), secret);
    const isRefusal = entry.outcome === "refused";
    // A client chooses the number that it claims, but not the network that it comes from.
    const source = (isRefusal ? entry.address : (entry.userKey ?? entry.address)) ?? "";
    const kind = `${event} ${facts.refusal ?? ""}`;
    const hasNoHour = isOfAdministrator(event);
    if (this.#quota.takes(kind, source, isRefusal, clock.steady(), hasNoHour)) this.#write(entry);
    else this.#count(kind, event, facts.refusal, source);
  }

  /** Writes what was counted so far. */
  writeSums(): void {
    this.#cancelSums?.();
    this.#cancelSums = undefined;
    const time = new Date(this.#parts.clock.now()).toISOString();
    for (const { event, refusal, count, sources } of this.#sums.values()) {
      const refused = refusal === undefined ? {} : { code: refusal };
      const outcome = refusal === undefined ? "ok" : "refused";
      this.#write({ time, event, outcome, ...refused, count, sources: sources.size });
    }
    this.#sums.clear();
  }

  #count(kind: string, event: AuditEvent, refusal: string | undefined, source: string): void {
    const sum = this.#sums.get(kind) ?? { event, refusal, sources: new Set(), count: 0 };
    sum.count += 1;
    if (sum.sources.size < auditBounds.countedSourcesMax) sum.sources.add(source);
    this.#sums.set(kind, sum);
    this.#cancelSums ??= this.#parts.clock.after(auditBounds.sumUpEveryMs, () => this.writeSums());
  }

  #write(entry: AuditEntry): void {
    this.#parts.file.append(JSON.stringify(entry));
  }
}
