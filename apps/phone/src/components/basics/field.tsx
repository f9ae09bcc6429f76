import { useId } from "preact/hooks";

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  /** A word beside the label, such as that it may stay empty. */
  readonly aside?: string;
  readonly kind: "phone" | "name" | "code";
  readonly hook: string;
  readonly value: string;
  readonly onText: (text: string) => void;
  /** It can be read and copied, not changed. */
  readonly fixed?: boolean;
  /** What browsers may fill in; nothing where the field is about somebody else. */
  readonly own?: boolean;
}

const kinds = {
  phone: { type: "tel", inputMode: "tel", autoComplete: "tel", maxLength: 24 },
  name: { type: "text", inputMode: "text", autoComplete: "name", maxLength: 80 },
  code: { type: "text", inputMode: "numeric", autoComplete: "one-time-code", maxLength: 6 },
} as const;

/** A labelled line of input. */
export function Field({ label, hint, aside, kind, hook, value, onText, own = true, fixed = false }: FieldProps) {
  const id = useId();
  const { autoComplete, ...attributes } = kinds[kind];
  return (
    <div class="field">
      <label for={id}>
        {label} {aside && <span class="aside">{aside}</span>}
      </label>
      <input
        {...attributes}
        autoComplete={own ? autoComplete : "off"}
        id={id}
        class="input"
        data-testid={hook}
        aria-describedby={hint ? `${id}-hint` : undefined}
        value={value}
        readOnly={fixed}
        onInput={(event) => onText(event.currentTarget.value)}
      />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
