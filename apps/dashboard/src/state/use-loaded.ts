import { useCallback, useEffect, useState } from "preact/hooks";

export interface Loaded<T> {
  readonly value?: T;
  readonly error?: unknown;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

/** What an asynchronous question comes to. An answer that comes after another question was asked is dropped. */
export function useLoaded<T>(ask: () => Promise<T>, keys: readonly unknown[]): Loaded<T> {
  const [state, setState] = useState<{ value?: T; error?: unknown; isLoading: boolean }>({ isLoading: true });
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the keys say what the question depends on.
  useEffect(() => {
    let isWanted = true;
    setState(({ value }) => (value === undefined ? { isLoading: true } : { value, isLoading: true }));
    ask().then(
      (value) => isWanted && setState({ value, isLoading: false }),
      (error: unknown) => isWanted && setState({ error, isLoading: false }),
    );
    return () => {
      isWanted = false;
    };
  }, [round, ...keys]);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  return { ...state, reload };
}
