import type { FunctionComponent, VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { ScreenHead } from "../components/basics/screen-head.tsx";
import { serverAnswers } from "../platform.ts";
import { LateNote, useLate } from "./late-note.tsx";
import type { LatePart } from "./late-part.ts";

/** A screen whose script may still be on its way, or not come at all: its head is there at once, with the way back. */
export function lateScreen<P extends object>(
  late: LatePart<(props: P) => VNode>,
  heading: () => string,
): FunctionComponent<P> {
  return (props) => {
    const { part: Screen, failed } = useLate(late);
    return Screen ? <Screen {...props} /> : <NotYet heading={heading()} failed={failed} retry={() => retry(late)} />;
  };
}

interface NotYetProps {
  readonly heading: string;
  readonly failed: boolean;
  readonly retry: () => Promise<void>;
}

function NotYet({ heading, failed, retry }: NotYetProps) {
  const head = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => head.current?.focus(), []);
  const run = () => {
    // The button goes away, and the focus would with it.
    head.current?.focus();
    void retry();
  };
  return (
    <section class="details" aria-labelledby="late-heading">
      <ScreenHead id="late-heading" text={heading} heading={head} />
      <LateNote failed={failed} retry={run} />
    </section>
  );
}

/**
 * A script that a server which answers does not give belongs to a page from before its update, and some browsers remember
 * that a script failed: both need the page anew, which opens at this screen. Without a server the page stays, for the
 * browser's own page would take its place.
 */
async function retry<T>(late: LatePart<T>): Promise<void> {
  await late.fetch();
  if (late.view.value.failed && (await serverAnswers())) location.reload();
}
