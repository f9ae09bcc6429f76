import { useEffect, useState } from "preact/hooks";

interface Page {
  readonly rows: readonly unknown[];
  readonly nextCursor?: string | undefined;
}

interface Pages<P extends Page> {
  readonly rows: readonly P["rows"][number][];
  /** The newest page, with what it says besides. */
  readonly last?: P;
  readonly error?: unknown;
  readonly isLoading: boolean;
  /** The next page, or the first one again where that failed. */
  readonly more: () => void;
}

/** A list page by page. A page that comes after the filters have changed is dropped. */
export function usePages<P extends Page>(
  ask: (cursor: string | undefined) => Promise<P>,
  keys: readonly unknown[],
): Pages<P> {
  const [state, setState] = useState<{
    rows: readonly P["rows"][number][];
    last?: P;
    error?: unknown;
    isLoading: boolean;
  }>({
    rows: [],
    isLoading: true,
  });
  const [asked, setAsked] = useState<{ cursor?: string | undefined; round: number }>({ round: 0 });
  const key = JSON.stringify(keys);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another key is another list, which begins anew.
  useEffect(() => setAsked(({ round }) => ({ round: round + 1 })), [key]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what the question depends on.
  useEffect(() => {
    let isWanted = true;
    const { cursor } = asked;
    setState((before) => (cursor === undefined ? { rows: [], isLoading: true } : { ...before, isLoading: true }));
    ask(cursor).then(
      (last) =>
        isWanted &&
        setState((before) => ({
          rows: cursor === undefined ? last.rows : [...before.rows, ...last.rows],
          last,
          isLoading: false,
        })),
      (error: unknown) => isWanted && setState((before) => ({ ...before, error, isLoading: false })),
    );
    return () => {
      isWanted = false;
    };
  }, [asked]);
  const more = () => setAsked(({ round }) => ({ round: round + 1, cursor: state.last?.nextCursor }));
  return { ...state, more };
}
