import { figureText } from "./verdict.ts";

/** A graph of what was measured: bars compare, lines show how something grows. */
export type Chart = BarChart | LineChart;

interface BarChart {
  readonly kind: "bars";
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly { readonly label: string; readonly value: number }[];
}

interface LineChart {
  readonly kind: "lines";
  readonly title: string;
  readonly unit: string;
  readonly xLabel: string;
  readonly lines: readonly { readonly label: string; readonly points: readonly (readonly [number, number])[] }[];
}

const width = 720;
const margin = { left: 220, right: 90, top: 44, bottom: 40 } as const;
const rowHeight = 26;
const plotHeight = 220;
const colours = ["#2563eb", "#d97706", "#059669", "#9333ea", "#dc2626", "#475569"];

/** Bars that compare what was measured of each. */
export function barChart(title: string, unit: string, bars: readonly (readonly [string, number])[]): BarChart {
  return { kind: "bars", title, unit, bars: bars.map(([label, value]) => ({ label, value })) };
}

/** Lines that show how something grows. */
export function lineChart(title: string, unit: string, xLabel: string, lines: LineChart["lines"]): LineChart {
  return { kind: "lines", title, unit, xLabel, lines };
}

/** The graph as an SVG of its own, readable on light and dark pages alike. */
export function drawChart(chart: Chart): string {
  return chart.kind === "bars" ? drawBars(chart) : drawLines(chart);
}

function drawBars({ title, unit, bars }: BarChart): string {
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const room = width - margin.left - margin.right;
  const rows = bars.map(({ label, value }, i) => {
    const y = margin.top + i * rowHeight;
    const length = (value / most) * room;
    const colour = label.startsWith("Echoo") ? colours[0] : "#94a3b8";
    return [
      text(margin.left - 8, y + 14, label, "end"),
      `<rect x="${margin.left}" y="${y + 2}" width="${length.toFixed(1)}" height="16" fill="${colour}"/>`,
      text(margin.left + length + 6, y + 14, `${figureText(value)}${unit}`),
    ].join("");
  });
  return page(margin.top + bars.length * rowHeight + 12, title, rows);
}

function drawLines({ title, unit, xLabel, lines }: LineChart): string {
  const points = lines.flatMap((line) => line.points);
  const mostX = Math.max(...points.map(([x]) => x), Number.MIN_VALUE);
  const mostY = Math.max(...points.map(([, y]) => y), Number.MIN_VALUE);
  const left = 80;
  const bottom = margin.top + plotHeight;
  const at = ([x, y]: readonly [number, number]) =>
    `${(left + (x / mostX) * (width - left - margin.left)).toFixed(1)},${(bottom - (y / mostY) * plotHeight).toFixed(1)}`;
  const drawn = lines.map(({ label, points: own }, i) => {
    const colour = colours[i % colours.length];
    const y = margin.top + 14 + i * 20;
    const dots = own.map((point) => {
      const [cx, cy] = at(point).split(",");
      return `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`;
    });
    const line = `<polyline points="${own.map(at).join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>`;
    return [line, ...dots, text(width - margin.left + 24, y, label, "start", colour)].join("");
  });
  const axes = [
    `<path d="M${left} ${margin.top}V${bottom}H${width - margin.left}" fill="none" stroke="#94a3b8"/>`,
    text(left - 6, margin.top + 4, `${figureText(mostY)}${unit}`, "end"),
    text(left - 6, bottom, "0", "end"),
    text(width - margin.left, bottom + 18, `${mostX} ${xLabel}`, "end"),
  ];
  return page(bottom + margin.bottom, title, [...axes, ...drawn]);
}

function page(height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="16" y="26" font-size="15" font-weight="bold" fill="#0f172a">${escaped(title)}</text>`,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

function text(x: number, y: number, what: string, anchor = "start", colour = "#334155"): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="${colour}">${escaped(what)}</text>`;
}

function escaped(what: string): string {
  return what.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}
