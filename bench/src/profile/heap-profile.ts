import { placeOf, type Share, shares } from "./shares.ts";

/** As V8 writes it: what was allocated where, as sampled, what is gone again included. */
interface HeapNode {
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly selfSize: number;
  readonly children: readonly HeapNode[];
}

/** What functions allocated themselves, the largest first. */
export function selfAllocations(text: string): Share[] {
  const { head } = JSON.parse(text) as { readonly head: HeapNode };
  const sums = new Map<string, number>();
  const left = [head];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    const place = placeOf(node.callFrame);
    sums.set(place, (sums.get(place) ?? 0) + node.selfSize);
    left.push(...node.children);
  }
  return shares(sums);
}
