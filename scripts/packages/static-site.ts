import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const types: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

/** Serves the files of a folder from an origin of its own, as someone else's web server would. */
export class StaticSite {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async of(folder: string): Promise<StaticSite> {
    const server = createServer(async (request, response) => {
      const path = normalize(new URL(request.url ?? "/", "http://site").pathname);
      const content = await readFile(join(folder, path)).catch(() => undefined);
      response.writeHead(content ? 200 : 404, { "content-type": types[extname(path)] ?? "application/octet-stream" });
      response.end(content);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new StaticSite(server);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
