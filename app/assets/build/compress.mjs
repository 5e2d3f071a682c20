// Puts a .br and a .gz beside every built text file, so that the server sends small answers without working for them.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const target = resolve(dirname(fileURLToPath(import.meta.url)), "../../static");
const TEXT = /\.(css|js|svg|json)$/;
const WORTH_IT = 1024; // bytes: below, the answer fits one packet anyway

let count = 0;
for (const entry of readdirSync(target, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !TEXT.test(entry.name) || entry.name === "manifest.json") continue;
  const file = join(entry.parentPath, entry.name);
  const content = readFileSync(file);
  if (content.length < WORTH_IT) continue;
  writeFileSync(`${file}.br`, brotliCompressSync(content));
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  count += 1;
}
console.log(`app/static: ${count} files compressed`);
