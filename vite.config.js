// Builds app/assets into app/static: hashed names, a manifest that Jinja reads, nothing inlined into pages.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "vite";

// The design tokens of Japan's Digital Agency, handed to Sass as one map: map.get($tokens, "primitive-blue-900").
const css = readFileSync(resolve("node_modules/@digital-go-jp/design-tokens/dist/tokens.css"), "utf8");
const tokens = [...css.matchAll(/--color-([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => `"${name}": ${value}`);

export default defineConfig({
  root: resolve("app/assets"),
  base: "/static/",
  publicDir: resolve("app/assets/public"),
  build: {
    outDir: resolve("app/static"),
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: ["app.js", "app.scss", "fonts.css"].map((name) => resolve("app/assets", name)) },
  },
  css: {
    preprocessorOptions: {
      scss: {
        additionalData: `$tokens: (${tokens.join(", ")});\n`,
        loadPaths: [resolve("node_modules/govuk-frontend/dist"), resolve("app/assets")],
        quietDeps: true,
      },
    },
  },
});
