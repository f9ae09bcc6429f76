export interface Share {
  /** The function and where it stands. */
  readonly place: string;
  readonly percent: number;
}

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

const root = new URL("../../../", import.meta.url).href;

/** A function by its name, and its file as it is called in the checkout or in node_modules. */
export function placeOf({ functionName, url, lineNumber }: CallFrame): string {
  const name = functionName || "(anonymous)";
  if (url === "") return name;
  const file = url.replace(/^.*\/node_modules\//, "").replace(root, "");
  return `${name} ${file}:${lineNumber + 1}`;
}

/** The parts of a sum, the largest first. */
export function shares(sums: ReadonlyMap<string, number>): Share[] {
  const all = [...sums.values()].reduce((sum, value) => sum + value, 0);
  return [...sums]
    .map(([place, value]) => ({ place, percent: all === 0 ? 0 : (value / all) * 100 }))
    .sort((a, b) => b.percent - a.percent);
}
