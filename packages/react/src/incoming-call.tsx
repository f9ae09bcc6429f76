/** @jsxImportSource react */
import type { ReactNode } from "react";
import type { CallView } from "./stores/call-store.ts";
import { useIncomingCall } from "./use-calls.ts";

export interface IncomingCallProps {
  /** Your own words and buttons instead of these. */
  readonly children?: (call: CallView) => ReactNode;
  readonly className?: string;
}

/** Who calls, with buttons to answer and to decline, as long as a call rings here; nothing otherwise. */
export function IncomingCall({ children, className }: IncomingCallProps): ReactNode {
  const view = useIncomingCall();
  if (view === undefined) return null;
  if (children !== undefined) return children(view);
  const { call, isVideo } = view;
  const name = view.peerName ?? view.peer;
  // A refusal, such as of the microphone, is told by the call's `error` event and its `failure`.
  const answer = (video: boolean) => void call.answer({ video }).catch(() => undefined);
  return (
    <div role="alertdialog" aria-label={`${name} is calling`} className={className} data-testid="incoming">
      <p>{name} is calling</p>
      <button type="button" data-testid="accept" onClick={() => answer(isVideo)}>
        Answer
      </button>
      <button type="button" data-testid="decline" onClick={() => call.decline()}>
        Decline
      </button>
    </div>
  );
}
