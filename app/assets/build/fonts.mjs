// Copies the two weights that documents use (400 and 700) of every font package named in package.json into app/fonts,
// with the licence of each family beside them (the SIL Open Font License asks for it). Safe to repeat: unchanged files
// stay, files of families no longer wanted go. The families cover the scripts in which invitees write their names.
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const SCOPE = "@expo-google-fonts/";
const REGULAR = "400Regular";
const BOLD = "700Bold"; // a few families have no bold: their names then print in the regular weight

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const target = join(root, "app", "fonts");
const { dependencies = {} } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const families = Object.keys(dependencies).filter((name) => name.startsWith(SCOPE));

/** Every file that belongs into app/fonts, as [source, name]. */
function wanted() {
  const files = [];
  for (const name of families) {
    const home = join(root, "node_modules", name);
    if (!existsSync(join(home, REGULAR))) throw new Error(`${name} is not installed: run npm ci first`);
    for (const weight of [REGULAR, BOLD]) {
      const folder = join(home, weight);
      if (!existsSync(folder)) continue;
      for (const file of readdirSync(folder).filter((entry) => entry.endsWith(".ttf"))) files.push([join(folder, file), file]);
    }
    files.push([join(home, "LICENSE_FONT"), `${name.slice(SCOPE.length)}.LICENSE`]);
  }
  return files;
}

function copyWhenChanged(source, destination) {
  if (existsSync(destination) && statSync(destination).size === statSync(source).size) return false;
  // Written beside and renamed, so that a running server never reads half a font.
  copyFileSync(source, `${destination}.new`);
  renameSync(`${destination}.new`, destination);
  return true;
}

if (families.length === 0) throw new Error(`package.json names no ${SCOPE} package`);
mkdirSync(target, { recursive: true });
const files = wanted();
const names = new Set(files.map(([, name]) => name));
for (const stray of readdirSync(target)) if (!names.has(stray)) rmSync(join(target, stray), { recursive: true });
const copied = files.filter(([source, name]) => copyWhenChanged(source, join(target, name))).length;
console.log(`app/fonts: ${families.length} families, ${files.length} files, ${copied} new or changed`);
