import { defineConfig } from "vite";

const server = process.env.ECHOO_DEV_SERVER ?? "http://localhost:3000";

export default defineConfig({
  // The server serves it there; what it is made of stands beside the page.
  base: "/admin/",
  // The workspace's packages are read from their sources, so that a build needs no other build before it.
  resolve: { conditions: ["source", "module", "browser", "development|production"] },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: true,
    // No data: URLs, so that a strict content security policy holds.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // The protocol's tables are wanted without its validators, which would weigh more than the whole page.
      treeshake: { moduleSideEffects: (id) => !/packages\/protocol|node_modules\/zod/.test(id) },
    },
  },
  server: { port: 5174, proxy: { "/api": { target: server } } },
});
