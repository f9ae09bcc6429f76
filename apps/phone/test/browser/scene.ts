import { writeFileSync } from "node:fs";

type Colour = readonly [red: number, green: number, blue: number];

/**
 * Somebody against the light, out of focus, with the evening behind: what the camera of a page in a picture sees.
 * Nobody has a face in it, as nobody was asked for theirs.
 */
export interface Scene {
  readonly sky: readonly [top: Colour, middle: Colour, bottom: Colour];
  /** Where the light comes from, in heights of the picture: from the middle, and from the top. */
  readonly sun: readonly [x: number, y: number];
  readonly glow: Colour;
  /** From the furthest to the nearest: how high they begin, and their colour. */
  readonly hills: readonly (readonly [y: number, colour: Colour])[];
  /** Lights far behind, as discs: where, how large, and how bright. */
  readonly lamps: readonly (readonly [x: number, y: number, radius: number, share: number])[];
  readonly head: Colour;
  readonly coat: Colour;
  readonly longHair: boolean;
}

export const scenes = {
  ann: {
    sky: [
      [92, 124, 164],
      [236, 178, 142],
      [250, 214, 170],
    ],
    sun: [-0.5, 0.52],
    glow: [255, 226, 178],
    hills: [
      [0.6, [196, 146, 138]],
      [0.69, [138, 106, 122]],
      [0.8, [84, 72, 96]],
    ],
    lamps: [],
    head: [82, 54, 50],
    coat: [92, 76, 98],
    longHair: true,
  },
  bob: {
    sky: [
      [22, 30, 52],
      [58, 60, 92],
      [126, 92, 104],
    ],
    sun: [0.55, 0.6],
    glow: [255, 190, 120],
    hills: [[0.78, [30, 32, 50]]],
    lamps: [
      [-0.74, 0.5, 0.06, 0.5],
      [-0.58, 0.66, 0.085, 0.42],
      [-0.44, 0.46, 0.045, 0.55],
      [-0.8, 0.74, 0.05, 0.5],
      [-0.33, 0.74, 0.05, 0.35],
      [0.4, 0.7, 0.06, 0.5],
      [0.5, 0.5, 0.05, 0.6],
      [0.66, 0.62, 0.09, 0.42],
      [0.78, 0.46, 0.05, 0.5],
      [0.82, 0.78, 0.06, 0.45],
    ],
    head: [44, 34, 38],
    coat: [50, 46, 60],
    longHair: false,
  },
} as const satisfies Record<string, Scene>;

const width = 800;
const height = 450;
const frames = 16;
const framesPerSecond = 8;
const swayPx = 3;

/** Writes the scene as an uncompressed film (YUV4MPEG2), which Chromium plays in place of its camera. */
export function writeScene(file: string, scene: Scene): void {
  const behind = painted((x, y) => backgroundAt(scene, x, y));
  const person = painted((x, y) => personAt(scene, x, y));
  const parts: Buffer[] = [Buffer.from(`YUV4MPEG2 W${width} H${height} F${framesPerSecond}:1 Ip C420\n`)];
  for (let frame = 0; frame < frames; frame++) {
    const shiftPx = Math.round(Math.sin((frame / frames) * 2 * Math.PI) * swayPx);
    parts.push(Buffer.from("FRAME\n"), frameOf(behind, person, shiftPx));
  }
  writeFileSync(file, Buffer.concat(parts));
}

/** What was painted, as red, green, blue and how much of it covers what is behind. */
type Painting = Float32Array;

function painted(at: (x: number, y: number) => Layer): Painting {
  const painting = new Float32Array(width * height * 4);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const { colour, cover } = at((column - width / 2) / height, row / height);
      painting.set([...colour, cover], (row * width + column) * 4);
    }
  }
  return painting;
}

/** Planes of brightness and of the two colour differences, the latter at half size; BT.601. */
function frameOf(behind: Painting, person: Painting, shiftPx: number): Buffer {
  const pixels = width * height;
  const planes = Buffer.alloc(pixels + pixels / 2);
  const channel = (at: number, from: number, index: number) => {
    const cover = person[from + 3] ?? 0;
    return (behind[at + index] ?? 0) * (1 - cover) + (person[from + index] ?? 0) * cover;
  };
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = (row * width + column) * 4;
      const from = (row * width + Math.min(width - 1, Math.max(0, column - shiftPx))) * 4;
      const [r, g, b] = [channel(at, from, 0), channel(at, from, 1), channel(at, from, 2)];
      planes[row * width + column] = 16 + 0.257 * r + 0.504 * g + 0.098 * b;
      if (row % 2 === 1 || column % 2 === 1) continue;
      const half = pixels + (row / 2) * (width / 2) + column / 2;
      planes[half] = 128 - 0.148 * r - 0.291 * g + 0.439 * b;
      planes[half + pixels / 4] = 128 + 0.439 * r - 0.368 * g - 0.071 * b;
    }
  }
  return planes;
}

interface Layer {
  readonly colour: Colour;
  /** From 0, nothing of it, to 1, all of it. */
  readonly cover: number;
}

/** A sky with the light low in it, hills that the haze takes away, and lights as discs. */
function backgroundAt({ sky, sun, glow, hills, lamps }: Scene, x: number, y: number): Layer {
  const [top, middle, bottom] = sky;
  let colour = y < 0.45 ? mix(top, middle, smooth(0, 0.45, y)) : mix(middle, bottom, smooth(0.45, 0.75, y));
  const far = Math.hypot((x - sun[0]) * 0.8, y - sun[1]);
  colour = mix(colour, glow, 0.85 * Math.exp(-((far / 0.3) ** 2)) + 0.9 * smooth(0.1, 0.05, far));
  hills.forEach(([from, tint], index) => {
    const ridge = from + 0.035 * Math.sin(x * (3 + index) + index * 2) + 0.015 * Math.sin(x * 9 + index * 4);
    colour = mix(colour, mix(tint, glow, 0.25 * Math.exp(-((far / 0.35) ** 2))), smooth(ridge - 0.02, ridge + 0.02, y));
  });
  for (const [lampX, lampY, radius, share] of lamps) {
    const off = Math.hypot(x - lampX, y - lampY);
    const rim = 1 + 0.35 * smooth(radius * 0.7, radius, off);
    colour = mix(colour, glow, share * rim * smooth(radius * 1.08, radius * 0.92, off));
  }
  return { colour: scaled(colour, 1 - 0.3 * smooth(0.5, 1.2, Math.hypot(x * 0.8, y - 0.5))), cover: 1 };
}

/** Neck, shoulders and head, nearly dark, with the light along one edge. */
function personAt(scene: Scene, x: number, y: number): Layer {
  const { head, coat, longHair } = scene;
  const neck = 0.08 + 0.9 * Math.max(0, y - 0.62) ** 1.5;
  const layers = [
    body(scene, head, superellipse(x, y, 0, 0.62, neck, 0.22, 5)),
    body(scene, coat, superellipse(x, y, 0, 1.16, 0.56, 0.46, 2.2)),
    // Long hair falls beside the head down to the chin, and hides where one ends and the other begins.
    body(
      scene,
      head,
      longHair ? superellipse(x, y, 0, 0.44, 0.158, 0.215, 2.7) : superellipse(x, y, 0, 0.42, 0.138, 0.192, 2.15),
    ),
  ];
  let [colour, cover]: [Colour, number] = [coat, 0];
  for (const layer of layers) {
    colour = cover === 0 ? layer.colour : mix(colour, layer.colour, layer.cover);
    cover = 1 - (1 - cover) * (1 - layer.cover);
  }
  return { colour, cover };
}

interface Surface {
  /** From the middle, in radii. */
  readonly u: number;
  readonly v: number;
  /** 1 at the edge. */
  readonly far: number;
  readonly softness: number;
}

/** An ellipse, or squarer than one where the power is above 2. */
function superellipse(x: number, y: number, cx: number, cy: number, rx: number, ry: number, power: number): Surface {
  const [u, v] = [(x - cx) / rx, (y - cy) / ry];
  const far = (Math.abs(u) ** power + Math.abs(v) ** power) ** (1 / power);
  return { u, v, far, softness: 0.016 / Math.min(rx, ry) };
}

/** A rounded body against the light: dark, with a rim of it on the side where it comes from. */
function body({ sun, glow }: Scene, colour: Colour, { u, v, far, softness }: Surface): Layer {
  const side = Math.sign(sun[0]);
  const lit = scaled(colour, 0.62 + 0.3 * Math.max(0, side * u) - 0.12 * Math.max(0, v));
  const rim = 0.55 * smooth(0.7, 1.02, far) * smooth(0.1, 0.9, side * u);
  return { colour: mix(lit, glow, rim), cover: smooth(1 + softness, 1 - softness, far) };
}

function mix(a: Colour, b: Colour, share: number): Colour {
  const t = Math.min(1, Math.max(0, share));
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

function scaled(colour: Colour, factor: number): Colour {
  return [Math.min(255, colour[0] * factor), Math.min(255, colour[1] * factor), Math.min(255, colour[2] * factor)];
}

/** From 0 to 1 without corners, between two edges in either order. */
function smooth(from: number, to: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}
