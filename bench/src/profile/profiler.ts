import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProfileTo } from "../servers/measured-server.ts";
import type { ProfileKind } from "../servers/probe.ts";
import { selfTimes } from "./cpu-profile.ts";
import { selfAllocations } from "./heap-profile.ts";

/** What is worth a line: the rest are crumbs. */
const shownMax = 25;
const endings = { Cpu: "cpuprofile", Heap: "heapprofile" } as const;

/** Where the profiles of one scenario go: one file for each label, which a later round replaces. */
export function profileTo(folder: string, scenario: string, kind: ProfileKind): ProfileTo {
  mkdirSync(folder, { recursive: true });
  return { kind, file: (label) => join(folder, `${scenario}-${label}.${endings[kind]}`) };
}

/** Leaves the profiles of earlier runs behind. */
export function forgetProfiles(folder: string, scenario: string): void {
  for (const file of profilesOf(folder, scenario)) rmSync(join(folder, file));
}

/** Writes a page that tells what the profiles of the scenario hold; the files open in the tools of Chromium as well. */
export function writeProfilePage(folder: string, scenario: string, say: (line: string) => void): void {
  const text = [`# Profile: ${scenario}`, "", ...profilesOf(folder, scenario).flatMap((file) => section(folder, file))];
  writeFileSync(join(folder, `${scenario}.md`), `${text.join("\n")}\n`);
  say(text.join("\n"));
}

function section(folder: string, file: string): string[] {
  const isCpu = file.endsWith(endings.Cpu);
  const text = readFileSync(join(folder, file), "utf8");
  const parts = isCpu ? selfTimes(text) : selfAllocations(text);
  const what = isCpu ? "CPU time of the function itself" : "bytes that the function itself allocated";
  return [
    `## ${file}`,
    "",
    `| share | ${what} |`,
    "| ---: | --- |",
    ...parts.slice(0, shownMax).map(({ place, percent }) => `| ${percent.toFixed(1)} % | \`${place}\` |`),
    "",
  ];
}

function profilesOf(folder: string, scenario: string): string[] {
  const ours = (file: string) => Object.values(endings).some((ending) => file.endsWith(`.${ending}`));
  try {
    return readdirSync(folder)
      .filter((file) => file.startsWith(`${scenario}-`) && ours(file))
      .sort();
  } catch {
    return [];
  }
}
