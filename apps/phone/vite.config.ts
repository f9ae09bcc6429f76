import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { build, defineConfig, type Plugin } from "vite";

const server = process.env.ECHOO_DEV_SERVER ?? "http://localhost:3000";

/**
 * A style sheet in the head keeps everything from the screen until it is there. Behind the shell it holds up the page
 * itself alone: a module runs once all style sheets are there.
 */
const stylesBehindShell: Plugin = {
  name: "styles-behind-shell",
  apply: "build",
  transformIndexHtml: {
    order: "post",
    handler(html) {
      const [link = ""] = /\s*<link rel="stylesheet"[^>]*>/.exec(html) ?? [];
      return html.replace(link, "").replace(/\s*<\/body>/, (end) => link + end);
    },
  },
};

/**
 * The service worker is one script without imports, which every browser takes, beside the page and under a name that
 * stays. It is built once the page is, whose files it keeps for when there is no connection.
 */
const serviceWorker: Plugin = {
  name: "service-worker",
  apply: "build",
  async writeBundle({ dir = "dist" }, bundle) {
    const files = Object.keys(bundle).filter((name) => /^assets\/.*\.(js|css)$/.test(name));
    const version = createHash("sha256").update(files.sort().join()).digest("hex").slice(0, 12);
    const entry = fileURLToPath(new URL("src/worker/service-worker.ts", import.meta.url));
    await build({
      configFile: false,
      logLevel: "warn",
      define: { echooShell: JSON.stringify({ version, files: files.map((name) => `/${name}`) }) },
      build: {
        target: "es2022",
        outDir: dir,
        emptyOutDir: false,
        copyPublicDir: false,
        lib: { entry, formats: ["iife"], name: "echooWorker", fileName: () => "sw.js" },
      },
    });
  },
};

export default defineConfig({
  plugins: [stylesBehindShell, serviceWorker],
  // The workspace's packages are read from their sources, so that a build needs no other build before it.
  resolve: { conditions: ["source", "module", "browser", "development|production"] },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: true,
    // No data: URLs, so that a strict content security policy holds; it allows what index.html itself has by its hash.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // The protocol's tables are wanted without its validators, which would weigh more than the whole page.
      // What the page needs to begin with is one file, also what later parts share with it: each file more is a request.
      output: { codeSplitting: { groups: [{ name: "index", tags: ["$initial"] }] } },
      treeshake: { moduleSideEffects: (id) => !/packages\/protocol|node_modules\/zod/.test(id) },
    },
  },
  server: {
    proxy: {
      "/api": { target: server },
      "/ws": { target: server, ws: true },
    },
  },
});
