import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

type Fitting = "contain" | "cover";

interface Sized {
  readonly width: number;
  readonly height: number;
}

/** Of the picture this much may be cut off unasked, as where a wide one fills a slightly narrower stage. */
const maxCutShare = 0.3;

/** How a picture lies in its stage until the user chooses: it fills it where little of it is cut off by that. */
export function usualFitting(picture: Sized, stage: Sized): Fitting {
  if (picture.width * picture.height * stage.width * stage.height === 0) return "cover";
  const ratio = picture.width / picture.height / (stage.width / stage.height);
  return 1 - Math.min(ratio, 1 / ratio) > maxCutShare ? "contain" : "cover";
}

/** How the other side's picture is shown: the usual fitting, or what was chosen for this call. */
export function useFitting(video: RefObject<HTMLVideoElement | null>) {
  const [chosen, setChosen] = useState<Fitting>();
  const [usual, setUsual] = useState<Fitting>("cover");
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    const look = () =>
      setUsual(
        usualFitting(
          { width: element.videoWidth, height: element.videoHeight },
          { width: element.clientWidth, height: element.clientHeight },
        ),
      );
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("resize", look);
    return () => {
      observer.disconnect();
      element.removeEventListener("resize", look);
    };
  }, [video]);
  const fitting = chosen ?? usual;
  return { fitting, toggle: () => setChosen(fitting === "cover" ? "contain" : "cover") };
}

/** Whether something is shown in full, or apart, as the browser tells by its events. */
function useFlag(read: () => boolean, events: readonly string[], target: EventTarget | null): boolean {
  const [on, setOn] = useState(read);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the events are always the same.
  useEffect(() => {
    const look = () => setOn(read());
    look();
    for (const event of events) target?.addEventListener(event, look);
    return () => {
      for (const event of events) target?.removeEventListener(event, look);
    };
  }, [target]);
  return on;
}

/**
 * The whole screen for as long as the call goes on; nothing where the browser has none to give. It is the page that
 * gets it, so that what comes up over the call is seen as well.
 */
export function useFullScreen() {
  const on = useFlag(() => document.fullscreenElement !== null, ["fullscreenchange"], document);
  useEffect(
    () => () => {
      if (document.fullscreenElement) document.exitFullscreen().catch(() => undefined);
    },
    [],
  );
  if (!document.fullscreenEnabled) return undefined;
  const toggle = () => (on ? document.exitFullscreen() : document.documentElement.requestFullscreen());
  return { on, toggle };
}

/** The other side's picture in a window of its own; nothing where the browser has none. */
export function usePictureInPicture(video: RefObject<HTMLVideoElement | null>) {
  const events = ["enterpictureinpicture", "leavepictureinpicture"];
  const on = useFlag(() => document.pictureInPictureElement !== null, events, video.current);
  if (!document.pictureInPictureEnabled) return undefined;
  const toggle = async () => {
    await (on ? document.exitPictureInPicture() : video.current?.requestPictureInPicture());
  };
  return { on, toggle };
}
