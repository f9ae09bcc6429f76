import { Counter, Gauge, type Registry } from "prom-client";

/** Events to webhooks: what came of posting them, and how many there still are. */
export function webhookMetrics(registers: Registry[]) {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const posts = new Counter({
    name: "echoo_webhook_posts_total",
    help: "Events to webhooks, by what came of posting them",
    labelNames: ["outcome"],
    registers,
  });
  const waitingGauge = gauge("echoo_webhooks_waiting", "Events that wait to be posted to webhooks");
  const parkedGauge = gauge("echoo_webhooks_parked", "Events that webhooks refused for a day, and those behind them");
  return {
    posted: (outcome: string, count: number) => posts.inc({ outcome }, count),
    set({ waiting, parked }: { readonly waiting: number; readonly parked: number }): void {
      waitingGauge.set(waiting);
      parkedGauge.set(parked);
    },
  };
}
