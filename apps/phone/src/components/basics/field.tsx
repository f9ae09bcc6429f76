import { useEffect, useId, useRef } from "preact/hooks";

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  /** A word beside the label, such as that it may stay empty. */
  readonly aside?: string;
  readonly kind: "phone" | "name" | "code";
  readonly hook: string;
  readonly value: string;
  readonly onText: (text: string) => void;
  /** Why what stands in it cannot be taken. */
  readonly problem?: string | undefined;
  /** It can be read and copied, not changed. */
  readonly fixed?: boolean;
  /** What browsers may fill in; nothing where the field is about another person. */
  readonly own?: boolean;
}

const kinds = {
  phone: { type: "tel", inputMode: "tel", autoComplete: "tel", maxLength: 64 },
  name: { type: "text", inputMode: "text", autoComplete: "name", maxLength: 80 },
  code: { type: "text", inputMode: "numeric", autoComplete: "one-time-code", maxLength: 24 },
} as const;

/** A labelled line of input. */
export function Field({
  label,
  hint,
  aside,
  kind,
  hook,
  value,
  onText,
  problem,
  own = true,
  fixed = false,
}: FieldProps) {
  const id = useId();
  const { autoComplete, ...attributes } = kinds[kind];
  const input = useRef<HTMLInputElement>(null);
  // What cannot be taken is what has to be changed next.
  useEffect(() => {
    if (problem !== undefined) input.current?.focus();
  }, [problem]);
  return (
    <div class="field">
      <label for={id}>
        {label} {aside && <span class="aside">{aside}</span>}
      </label>
      <input
        {...attributes}
        ref={input}
        autoComplete={own ? autoComplete : "off"}
        id={id}
        class="input"
        data-testid={hook}
        aria-invalid={problem !== undefined}
        aria-describedby={problem ? `${id}-problem` : hint ? `${id}-hint` : undefined}
        value={value}
        readOnly={fixed}
        onInput={(event) => onText(event.currentTarget.value)}
      />
      {problem && (
        <p class="field-problem" id={`${id}-problem`} role="alert" data-testid="error">
          {problem}
        </p>
      )}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
