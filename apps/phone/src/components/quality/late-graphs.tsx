import { LateNote, useLate } from "../../late/late-note.tsx";
import { LatePart } from "../../late/late-part.ts";
import type { QualityGraphs } from "./quality-graphs.tsx";

export const graphs = new LatePart(() => import("./quality-graphs.tsx").then((drawn) => drawn.QualityGraphs));

/** The graphs in a call. Where they do not come the page is not loaded anew for them: that would interrupt the call. */
export function LateGraphs(props: Parameters<typeof QualityGraphs>[0]) {
  const { part: Graphs, failed } = useLate(graphs);
  return Graphs ? <Graphs {...props} /> : <LateNote failed={failed} retry={() => void graphs.fetch()} />;
}
