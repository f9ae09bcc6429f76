import { endedCall, pause, startMs } from "@echoo/testkit";
import { openSqliteStore } from "../../src/store-sqlite/open-sqlite-store.ts";

export const erased = "5557770001";
export const other = "5557770002";
export const replacement = "deleted:half";

/** A store in which an erasure broke off after so many steps, as where the process dies. Tells whether it did. */
export async function halfErase(file: string, steps: number): Promise<boolean> {
  let left = Number.POSITIVE_INFINITY;
  const store = openSqliteStore({
    file,
    pause: () => (--left < 0 ? Promise.reject(new Error("the process died")) : pause()),
  });
  try {
    await store.users.ensure(erased, { displayName: "Ann", proof: "code" }, startMs);
    for (let i = 0; i < 250; i += 1) {
      await store.contacts.put(erased, { contact: `+1${i}`, name: "", createdAtMs: startMs }, 999);
    }
    const parties = { caller: erased, callee: other };
    await store.calls.record(
      Array.from({ length: 60 }, (_, i) => endedCall(`call ${i}`, { ...parties, createdAtMs: startMs + i })),
    );
    left = steps;
    await store.users.erase(erased, replacement);
    return false;
  } catch (error) {
    if (error instanceof Error && error.message === "the process died") return true;
    throw error;
  } finally {
    await store.close();
  }
}
