import type { ComponentChildren } from "preact";
import { say } from "../i18n/words.ts";
import { Failure } from "./failure.tsx";

interface ListProps {
  readonly columns: readonly string[];
  readonly label: string;
  readonly isEmpty: boolean;
  /** What to say, and to do, where there is nothing. */
  readonly empty: ComponentChildren;
  readonly isLoading: boolean;
  readonly error?: unknown;
  readonly hasMore: boolean;
  readonly more: () => void;
  readonly children: ComponentChildren;
}

/** A table of rows, what is said where there are none, and the way to more. */
export function List({ columns, label, isEmpty, empty, isLoading, error, hasMore, more, children }: ListProps) {
  if (error !== undefined) return <Failure error={error} reload={more} />;
  return (
    <>
      {isEmpty && !isLoading && !hasMore ? (
        <div class="empty" data-testid="empty">
          {empty}
        </div>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what may be scrolled must be reached by the keyboard.
        <section class="rows" tabIndex={0} aria-label={label}>
          <table>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{children}</tbody>
          </table>
        </section>
      )}
      <p role="status" class="soft small">
        {isLoading ? say.loading : ""}
      </p>
      {hasMore && !isLoading && (
        <button type="button" class="button" onClick={more} data-testid="more">
          {say.more}
        </button>
      )}
    </>
  );
}
