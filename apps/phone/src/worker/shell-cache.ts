/** The page's own files of one version; replaced by the build. */
declare const echooShell: { readonly version: string; readonly files: readonly string[] };

const prefix = "echoo-shell-";
const name = prefix + echooShell.version;
const pages = ["/", "/offline.html", "/offline.css", "/favicon.svg", "/manifest.webmanifest", "/icons/192.png"];

export async function keepShell(): Promise<void> {
  const cache = await caches.open(name);
  await cache.addAll([...pages, ...echooShell.files]);
}

export async function dropOldShells(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((other) => other.startsWith(prefix) && other !== name).map((old) => caches.delete(old)),
  );
}

/** Undefined for what is none of the shell's. Pages come from the server as long as it is there. */
export function shellAnswer(request: Request, origin: string): Promise<Response> | undefined {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== origin) return undefined;
  if (request.mode === "navigate") {
    const fallback = url.pathname === "/" || url.pathname === "/index.html" ? "/" : "/offline.html";
    return fetch(request).catch(async () => (await fromCache(fallback)) ?? Response.error());
  }
  const isKept = echooShell.files.includes(url.pathname) || pages.includes(url.pathname);
  if (!isKept) return undefined;
  return fromCache(url.pathname).then((kept) => kept ?? fetch(request));
}

async function fromCache(path: string): Promise<Response | undefined> {
  return (await caches.open(name)).match(path);
}
