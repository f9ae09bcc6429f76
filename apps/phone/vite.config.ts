import { defineConfig, type Plugin } from "vite";

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

export default defineConfig({
  plugins: [stylesBehindShell],
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
