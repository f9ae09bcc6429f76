import { Counter, type Registry } from "prom-client";

type Direction = "in" | "out";

/**
 * Counts messages by direction and type. They are plain numbers until somebody asks: a counter with labels costs at
 * each message as much as a good part of relaying it (docs/adr/0038-what-a-relayed-message-costs.md). There are as many
 * as types.
 */
export function messageCounts(registers: Registry[]): (direction: Direction, type: string) => void {
  const counts = { in: new Map<string, number>(), out: new Map<string, number>() };
  const counter = new Counter({
    name: "echoo_messages_total",
    help: "WebSocket messages by type",
    labelNames: ["direction", "type"],
    registers,
    collect: () => {
      counter.reset();
      for (const direction of ["in", "out"] as const) {
        for (const [type, count] of counts[direction]) counter.inc({ direction, type }, count);
      }
    },
  });
  return (direction, type) => {
    const ofDirection = counts[direction];
    ofDirection.set(type, (ofDirection.get(type) ?? 0) + 1);
  };
}
