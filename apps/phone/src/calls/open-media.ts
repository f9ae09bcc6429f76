import { EchooError } from "@echoo/client";

const noDevice = ["NotFoundError", "OverconstrainedError", "DevicesNotFoundError"];
const denied = ["NotAllowedError", "SecurityError"];

/** What the browser threw, as one of the SDK's own errors, so that one table of sentences serves both. */
function asEchooError(cause: unknown): EchooError {
  const name = (cause as { name?: string } | null)?.name ?? "";
  if (denied.includes(name)) return new EchooError("media_denied", { cause });
  if (noDevice.includes(name)) return new EchooError("media_missing", { cause });
  return new EchooError(name === "NotReadableError" ? "media_busy" : "media_failed", { cause });
}

function devices(): MediaDevices {
  if (!navigator.mediaDevices) throw new EchooError("insecure_context");
  return navigator.mediaDevices;
}

/** Microphone and, where wanted and there, the camera: without one the call is an audio call. */
export async function openMedia(video: boolean): Promise<MediaStream> {
  const media = devices();
  try {
    return await media.getUserMedia({ audio: true, video });
  } catch (error) {
    if (!video) throw asEchooError(error);
    return media.getUserMedia({ audio: true }).catch((cause: unknown) => {
      throw asEchooError(cause);
    });
  }
}

/** Whatever is asked for, with the errors of the SDK. */
export function openDevice(wanted: MediaStreamConstraints): Promise<MediaStream> {
  return devices()
    .getUserMedia(wanted)
    .catch((cause: unknown) => {
      throw asEchooError(cause);
    });
}

async function oneTrack(open: () => Promise<MediaStream>): Promise<MediaStreamTrack> {
  const stream = await open().catch((cause: unknown) => {
    throw asEchooError(cause);
  });
  const track = stream.getVideoTracks()[0];
  if (!track) throw new EchooError("media_missing");
  return track;
}

export const openCamera = (): Promise<MediaStreamTrack> => oneTrack(() => devices().getUserMedia({ video: true }));
export const openScreen = (): Promise<MediaStreamTrack> => oneTrack(() => devices().getDisplayMedia({ video: true }));
