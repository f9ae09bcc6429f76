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

export function minutes(ms: number): string {
  return `${count(ms / 60_000)} min`;
}
