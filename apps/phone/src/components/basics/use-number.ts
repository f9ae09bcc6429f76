import { normalisePhone } from "@echoo/protocol";
import { useState } from "preact/hooks";
import { say } from "../../i18n/say.ts";

/** A number that is being typed: what stands in its field, and why that cannot be taken. */
export function useNumber(initially = "") {
  const [text, setText] = useState(initially);
  const [problem, setProblem] = useState<string>();
  return {
    text,
    problem,
    set: (typed: string) => {
      setText(typed);
      setProblem(undefined);
    },
    /** The number that it is; undefined for none, which the field then says. */
    read: () => {
      const number = normalisePhone(text);
      setProblem(number === undefined ? say.signIn.numberNeeded : undefined);
      return number;
    },
  };
}
