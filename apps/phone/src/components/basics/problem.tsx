import { say } from "../../i18n/say.ts";
import { Icon } from "./icon.tsx";

interface ProblemProps {
  readonly text: string | undefined;
  readonly onClose?: () => void;
  /** What else can be done about it. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** What went wrong and what to do, read out as it appears. */
export function Problem({ text, onClose, action }: ProblemProps) {
  if (!text) return null;
  return (
    <div class="note" role="alert" data-testid="error">
      <Icon name="alert" size={20} />
      <div>{text}</div>
      {action && (
        <button type="button" class="link-button" onClick={action.run}>
          {action.label}
        </button>
      )}
      {onClose && (
        <button type="button" class="icon-button tiny" aria-label={say.close} onClick={onClose}>
          <Icon name="close" size={18} />
        </button>
      )}
    </div>
  );
}
