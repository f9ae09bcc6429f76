import { useMemo } from "preact/hooks";
import { encode } from "uqr";

/** The quiet zone that cameras need, in modules. */
const border = 4;

/** A text as a QR code: dark on light in both themes, for not every camera reads the negative. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { size, path } = useMemo(() => draw(text), [text]);
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} data-testid="invite-qr">
      <rect class="qr-ground" width={size} height={size} />
      <path class="qr-modules" d={path} shape-rendering="crispEdges" />
    </svg>
  );
}

function draw(text: string): { size: number; path: string } {
  const { data, size } = encode(text, { border, ecc: "M" });
  const runs = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return { size, path: runs.join("") };
}
