import type { RefObject } from "preact";
import type { CallSession } from "../../calls/call-session.ts";
import { say } from "../../i18n/say.ts";
import { Icon, type IconName } from "../basics/icon.tsx";
import { useFullScreen, usePictureInPicture } from "./use-picture.ts";

interface PictureToolsProps {
  readonly session: CallSession;
  readonly remote: RefObject<HTMLVideoElement | null>;
  /** Whether the other side's picture is on the screen. */
  readonly shows: boolean;
  readonly fitting: "contain" | "cover";
  readonly onFit: () => void;
  /** With the words beside the icons, as in a panel. */
  readonly worded?: boolean;
}

/** How the other side's picture is shown: whole or filling, on the whole screen, or apart. */
export function PictureTools(props: PictureToolsProps) {
  const { session, remote, shows, fitting, onFit, worded = false } = props;
  const full = useFullScreen();
  const apart = usePictureInPicture(remote);
  const attempt = (action: () => Promise<void>) => void session.attempt(action);
  const tools: (ToolProps | false | undefined)[] = [
    shows && {
      icon: "fit",
      hook: "fit",
      label: fitting === "cover" ? say.call.fit : say.call.fill,
      onClick: onFit,
    },
    shows &&
      apart && {
        icon: "pip",
        hook: "pip",
        label: apart.on ? say.call.exitPip : say.call.pip,
        onClick: () => attempt(apart.toggle),
      },
    full && {
      icon: full.on ? "shrink" : "expand",
      hook: "full-screen",
      label: full.on ? say.call.exitFullScreen : say.call.fullScreen,
      onClick: () => attempt(full.toggle),
    },
  ];
  return (
    <div class={`picture-tools${worded ? " worded" : ""}`}>
      {tools.map((tool) => tool && <Tool key={tool.hook} {...tool} worded={worded} />)}
    </div>
  );
}

interface ToolProps {
  readonly icon: IconName;
  readonly hook: string;
  readonly label: string;
  readonly onClick: () => void;
  readonly worded?: boolean;
}

function Tool({ icon, hook, label, onClick, worded = false }: ToolProps) {
  return (
    <button
      type="button"
      class={worded ? "menu-item" : "call-tool"}
      data-testid={hook}
      aria-label={worded ? undefined : label}
      title={worded ? undefined : label}
      onClick={onClick}
    >
      {worded && label}
      <Icon name={icon} size={20} />
    </button>
  );
}
