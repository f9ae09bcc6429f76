import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

/** Something that is done to a folder. */
export type DamageDone = (folder: string) => void;

const pageBytes = 4096;

/** Removes what is there of these files. */
export function removed(...files: readonly string[]): DamageDone {
  return (folder) => {
    for (const file of files) rmSync(join(folder, file));
  };
}

/** Leaves so much of a file, from its beginning. */
export function truncatedTo(file: string, part: number): DamageDone {
  return (folder) => {
    const path = join(folder, file);
    truncateSync(path, Math.floor(readFileSync(path).length * part));
  };
}

/** Turns one byte in every page into another, from this part of the file on. */
export function flipped(file: string, from: number, pages = 1): DamageDone {
  return (folder) =>
    withFile(join(folder, file), (descriptor, size) => {
      const byte = Buffer.alloc(1);
      for (let page = 0; page < pages; page += 1) {
        const at = Math.floor(from * size) + page * pageBytes;
        if (readSync(descriptor, byte, 0, 1, at) === 0) return;
        writeSync(descriptor, Buffer.from([(byte[0] ?? 0) ^ 0xff]), 0, 1, at);
      }
    });
}

/** Writes zeros over whole pages. */
export function zeroed(file: string, from: number, pages: number): DamageDone {
  return (folder) =>
    withFile(join(folder, file), (descriptor, size) => {
      const at = Math.floor((from * size) / pageBytes) * pageBytes;
      writeSync(descriptor, Buffer.alloc(pages * pageBytes), 0, pages * pageBytes, at);
    });
}

/** Writes another text of the same length over the first places of one. */
export function rewritten(file: string, text: string, other: string, placesMax = Number.POSITIVE_INFINITY): DamageDone {
  return (folder) => {
    const path = join(folder, file);
    const content = readFileSync(path);
    let places = 0;
    for (let at = content.indexOf(text); at >= 0 && places < placesMax; at = content.indexOf(text, at + 1)) {
      content.write(other, at, "latin1");
      places += 1;
    }
    if (places === 0 || text.length !== other.length) throw new Error(`${file} was not changed`);
    writeFileSync(path, content);
  };
}

function withFile(path: string, run: (descriptor: number, size: number) => void): void {
  if (!existsSync(path)) throw new Error(`${path} is not there to be damaged`);
  const descriptor = openSync(path, "r+");
  try {
    run(descriptor, fstatSync(descriptor).size);
  } finally {
    closeSync(descriptor);
  }
}
