/** Numbers of the code as the guide writes them. */

/** 21600 is 21,600. */
export function count(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 3 });
}

export function kib(bytes: number): string {
  return `${count(bytes / 1024)} KiB`;
}

export function mib(bytes: number): string {
  return `${count(bytes / 1024 / 1024)} MiB`;
}

export function seconds(ms: number): string {
  return `${count(ms / 1000)} s`;
}

export function hours(ms: number): string {
  return `${count(ms / 3_600_000)} h`;
}

export function days(ms: number): string {
  return `${count(ms / 86_400_000)} days`;
}

export function minutes(ms: number): string {
  return `${count(ms / 60_000)} min`;
}
