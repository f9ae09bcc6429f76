import { useLayoutEffect } from "preact/hooks";
import { Problem } from "../components/basics/problem.tsx";
import { Spinner } from "../components/basics/spinner.tsx";
import { say } from "../i18n/say.ts";
import { useCell } from "../state/cell.ts";
import type { Fetched, LatePart } from "./late-part.ts";

/** A part that is fetched apart; what draws it asks for it. */
export function useLate<T>(late: LatePart<T>): Fetched<T> {
  const fetched = useCell(late.view);
  // Before anything is painted, so that a failure of long ago is not told while the part is fetched again.
  useLayoutEffect(() => void late.fetch(), [late]);
  return fetched;
}

/** Stands where such a part will be, and says so where it did not come. */
export function LateNote({ failed, retry }: { readonly failed: boolean; readonly retry: () => void }) {
  return failed ? (
    <Problem text={say.problem.part_failed} action={{ label: say.retry, run: retry }} />
  ) : (
    <p class="empty waiting" role="status">
      <Spinner /> {say.loading}
    </p>
  );
}
