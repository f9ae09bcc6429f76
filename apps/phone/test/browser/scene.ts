import { writeFileSync } from "node:fs";

type Colour = readonly [red: number, green: number, blue: number];

/** Somebody drawn before a wall, who sways a little: what the camera of a page in a picture sees. */
export interface Scene {
  readonly wall: readonly [top: Colour, bottom: Colour];
  readonly hair: Colour;
  readonly skin: Colour;
  readonly shirt: Colour;
}

export const scenes = {
  ann: {
    wall: [
      [214, 190, 160],
      [150, 116, 92],
    ],
    hair: [62, 40, 30],
    skin: [232, 188, 158],
    shirt: [38, 84, 124],
  },
  bob: {
    wall: [
      [120, 152, 160],
      [58, 84, 98],
    ],
    hair: [30, 28, 32],
    skin: [176, 124, 92],
    shirt: [196, 142, 62],
  },
} as const satisfies Record<string, Scene>;

const width = 640;
const height = 480;
const frames = 24;
const framesPerSecond = 12;

/** Writes the scene as an uncompressed film (YUV4MPEG2), which Chromium plays in place of its camera. */
export function writeScene(file: string, scene: Scene): void {
  const parts: Buffer[] = [Buffer.from(`YUV4MPEG2 W${width} H${height} F${framesPerSecond}:1 Ip C420\n`)];
  for (let frame = 0; frame < frames; frame++) {
    const sway = Math.sin((frame / frames) * 2 * Math.PI) * 0.012;
    parts.push(
      Buffer.from("FRAME\n"),
      frameOf((x, y) => colourAt(scene, (x - sway) * 1.2, y * 1.2 - 0.14)),
    );
  }
  writeFileSync(file, Buffer.concat(parts));
}

/** Planes of brightness and of the two colour differences, the latter at half size; BT.601. */
function frameOf(colourOf: (x: number, y: number) => Colour): Buffer {
  const pixels = width * height;
  const planes = Buffer.alloc(pixels + pixels / 2);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [r, g, b] = colourOf(column / height - width / height / 2, row / height);
      planes[row * width + column] = 16 + 0.257 * r + 0.504 * g + 0.098 * b;
      if (row % 2 === 1 || column % 2 === 1) continue;
      const at = pixels + (row / 2) * (width / 2) + column / 2;
      planes[at] = 128 - 0.148 * r - 0.291 * g + 0.439 * b;
      planes[at + pixels / 4] = 128 + 0.439 * r - 0.368 * g - 0.071 * b;
    }
  }
  return planes;
}

/** The colour at a point: x from the middle, y from the top, both in heights of the picture. */
function colourAt({ wall, hair, skin, shirt }: Scene, x: number, y: number): Colour {
  const within = (cx: number, cy: number, rx: number, ry: number) => ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1;
  if (within(-0.052, 0.45, 0.012, 0.014) || within(0.052, 0.45, 0.012, 0.014)) return [36, 30, 30];
  if (within(0, 0.535, 0.045, 0.022) && y > 0.54) return [150, 72, 66];
  if (within(0, 0.46, 0.13, 0.172) && !(y < 0.36 && within(0.03, 0.3, 0.2, 0.1))) return skin;
  if (within(0, 0.4, 0.155, 0.19)) return hair;
  if (Math.abs(x) < 0.055 && y > 0.55 && y < 0.74) return shade(skin, 0.9);
  if (within(0, 1.06, 0.36, 0.37)) return shirt;
  const lamp = Math.max(0, 1 - Math.hypot(x - 0.42, y - 0.2) / 0.5);
  const [top, bottom] = wall;
  return [0, 1, 2].map((i) => (top[i] ?? 0) * (1 - y) + (bottom[i] ?? 0) * y + 40 * lamp) as unknown as Colour;
}

function shade(colour: Colour, factor: number): Colour {
  return [colour[0] * factor, colour[1] * factor, colour[2] * factor];
}
