import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const byGroup = 0o020;
const byAnybody = 0o002;
/** Of more files than these the number alone is told. */
const namedMax = 5;

/**
 * Says who may write into the folder besides its owner, or into its files, and how to end that; undefined where no
 * other may. It is told and not refused: volumes of containers are often so, and the rights that a shared or foreign
 * file system shows need not be those that it grants.
 */
export function writersBesides(folder: string): string | undefined {
  // Windows keeps its rights elsewhere.
  if (process.platform === "win32") return undefined;
  const mode = modeOf(folder);
  const writers = writersBy(mode);
  if (writers !== undefined) {
    return (
      `The data folder ${folder} may be written to by ${writers} (mode ${octal(mode)}). Whoever can replace its files ` +
      `decides who everybody is, and what is in their histories. Run: chmod go-w ${folder}`
    );
  }
  const files = readdirSync(folder).filter((name) => writersBy(modeOf(join(folder, name))) !== undefined);
  if (files.length === 0) return undefined;
  const rest = files.length > namedMax ? ` and ${files.length - namedMax} more` : "";
  return (
    `Files in the data folder ${folder} may be written to by others than their owner: ` +
    `${files.slice(0, namedMax).join(", ")}${rest}. Run: chmod -R go-w ${folder}`
  );
}

function writersBy(mode: number): string | undefined {
  if ((mode & byAnybody) !== 0) return "anybody on this machine";
  return (mode & byGroup) === 0 ? undefined : "its group";
}

/** Nothing where it went meanwhile, or leads nowhere. */
function modeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
}

function octal(mode: number): string {
  return `0${(mode & 0o7777).toString(8)}`;
}
