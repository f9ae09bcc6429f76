import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** As many pictures a second as Chromium's own fake camera shows, of a sixteenth of the size that the phone asks for. */
const [width, height, picturesPerSecond] = [320, 180, 20];
const barWidth = 32;

let film: string | undefined;

/**
 * A film that Chromium plays in place of its camera: a light bar that wanders over a grey wall. Two cores would otherwise be
 * busy with pictures in the size of a real camera, several encoders at a time, which no test is about.
 */
export function smallFilm(): string {
  if (film !== undefined) return film;
  const folder = mkdtempSync(join(tmpdir(), "echoo-film-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  film = join(folder, "small.y4m");
  const parts: Buffer[] = [Buffer.from(`YUV4MPEG2 W${width} H${height} F${picturesPerSecond}:1 Ip C420\n`)];
  for (let picture = 0; picture < picturesPerSecond; picture += 1) {
    parts.push(Buffer.from("FRAME\n"), pictureWithBarAt((picture / picturesPerSecond) * (width - barWidth)));
  }
  writeFileSync(film, Buffer.concat(parts));
  return film;
}

/** Planes of brightness and, at half size, of the two colour differences, which are those of grey. */
function pictureWithBarAt(left: number): Buffer {
  const planes = Buffer.alloc((width * height * 3) / 2, 128);
  planes.fill(90, 0, width * height);
  for (let row = 0; row < height; row += 1) {
    const start = row * width + Math.round(left);
    planes.fill(220, start, start + barWidth);
  }
  return planes;
}
