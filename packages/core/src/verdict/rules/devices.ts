import { type Facts, onASide, type Rule } from "../facts.ts";
import type { SideView } from "../side-view.ts";
import type { Evidence } from "../verdict.ts";

const errors = {
  permission_denied: ["NotAllowedError", "SecurityError"],
  no_device: ["NotFoundError"],
  device_in_use: ["NotReadableError", "AbortError"],
} as const;
type DeviceCode = keyof typeof errors;

/** Every getUserMedia of a side failed, the last one with this error. */
function everyFailed(view: SideView, code: DeviceCode): readonly Evidence[] | undefined {
  const tries = view.of("media");
  const last = tries.at(-1);
  // A try that is missing may have been the one that succeeded.
  if (!view.isWhole || last?.error === undefined || tries.some(({ error }) => error === undefined)) return undefined;
  return (errors[code] as readonly string[]).includes(last.error) ? [view.saw(last)] : undefined;
}

/** Before the answer only the callee's devices can be the reason, and a call that was declined has another. */
export function calleeDevices(code: DeviceCode): Rule {
  return ({ callee, record }: Facts) => {
    const evidence = record.endReason === "declined" ? undefined : everyFailed(callee, code);
    return evidence && { side: "callee", evidence };
  };
}

export function devicesOfASide(code: DeviceCode): Rule {
  return onASide((view) => everyFailed(view, code));
}
