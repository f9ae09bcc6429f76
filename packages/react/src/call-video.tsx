/** @jsxImportSource react */
import type { Call } from "@echoo/client";
import { type ComponentPropsWithoutRef, type ReactNode, useContext, useEffect, useRef } from "react";
import { EchooContext } from "./echoo-context.ts";
import { useCall } from "./use-calls.ts";

export interface CallVideoProps extends Omit<ComponentPropsWithoutRef<"video">, "srcObject"> {
  /** The current one by default. */
  readonly call?: Call;
  /** `remote`: the other side, with its sound. `local`: what this side sends, mirrored by your own style sheet, silent. */
  readonly side?: "remote" | "local";
}

/** The picture of one side of a call, in a `<video>` that takes all that a `<video>` takes. */
export function CallVideo({ call, side = "remote", ...rest }: CallVideoProps): ReactNode {
  const element = useRef<HTMLVideoElement>(null);
  const view = useCall(call);
  const stream = side === "remote" ? view?.remoteStream : view?.localStream;
  const devices = useContext(EchooContext)?.devices;
  useEffect(() => {
    const video = element.current;
    if (video === null) return;
    video.srcObject = stream ?? null;
    return () => {
      // An element that is gone would keep the stream, and the stream its devices.
      video.srcObject = null;
    };
  }, [stream]);
  useEffect(() => {
    const video = element.current;
    return video === null || side === "local" ? undefined : devices?.playThrough(video);
  }, [devices, side]);
  return <video ref={element} autoPlay playsInline muted={side === "local"} {...rest} />;
}
