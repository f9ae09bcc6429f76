import { EchooError, type LocalErrorCode } from "../echoo-error.ts";
import type { MediaPort } from "./media-port.ts";

/** What went wrong, by the names of the Media Capture specification (getUserMedia, getDisplayMedia). */
const codeByName: Readonly<Record<string, LocalErrorCode>> = {
  NotAllowedError: "media_denied",
  SecurityError: "media_denied",
  NotFoundError: "media_missing",
  OverconstrainedError: "media_missing",
  NotReadableError: "media_busy",
  AbortError: "media_busy",
};

const cameraSize = { width: { ideal: 1280 }, height: { ideal: 720 } };

function deviceConstraint(deviceId: string | undefined): MediaTrackConstraints {
  return deviceId === undefined ? {} : { deviceId: { exact: deviceId } };
}

export async function captureMicrophone(media: MediaPort, deviceId?: string): Promise<MediaStreamTrack> {
  return onlyTrack(await attempt(() => media.getUserMedia({ audio: deviceConstraint(deviceId) })));
}

export async function captureCamera(media: MediaPort, deviceId?: string): Promise<MediaStreamTrack> {
  const video = { ...cameraSize, ...deviceConstraint(deviceId) };
  return onlyTrack(await attempt(() => media.getUserMedia({ video })));
}

export async function captureScreen(media: MediaPort): Promise<MediaStreamTrack> {
  return onlyTrack(await attempt(() => media.getDisplayMedia()));
}

/**
 * Both at once, so that the browser asks its user once. A camera that is missing, taken or fails does not keep the
 * user from talking; one that was refused does: the user said no, and is told so.
 */
export async function captureBoth(media: MediaPort): Promise<readonly MediaStreamTrack[]> {
  try {
    return (await attempt(() => media.getUserMedia({ audio: true, video: cameraSize }))).getTracks();
  } catch (error) {
    const { code } = error as EchooError;
    if (code === "media_denied") throw error;
    return [await captureMicrophone(media)];
  }
}

async function attempt(capture: () => Promise<MediaStream>): Promise<MediaStream> {
  try {
    return await capture();
  } catch (cause) {
    if (cause instanceof EchooError) throw cause;
    const name = cause instanceof Error ? cause.name : "";
    throw new EchooError(codeByName[name] ?? "media_failed", { cause });
  }
}

function onlyTrack(stream: MediaStream): MediaStreamTrack {
  const track = stream.getTracks()[0];
  if (track === undefined) throw new EchooError("media_missing");
  return track;
}
