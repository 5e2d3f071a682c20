// Builds the two files of the world map: the land's outline (no borders, so no border is drawn wrongly on a page of the
// state) and, for every country and region of app/directory/country_codes.csv, the point on which its circle stands.
// Run by `npm run map`; writes app/static/map/world.svg and app/static/map/centroids.json.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { geoArea, geoCentroid, geoEqualEarth, geoPath } from "d3-geo";
import { feature } from "topojson-client";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const out = process.argv[2] ? resolve(process.argv[2]) : join(root, "app/static/map");
const require = createRequire(import.meta.url);
const atlas = (name) => JSON.parse(readFileSync(require.resolve(`world-atlas/${name}.json`), "utf8"));

const WIDTH = 960;
const LAND = "#d8dde3";
// The middle meridian: Japan near the middle, and the cut through the Atlantic where it meets the least land (26° W).
const MIDDLE = 154;
const SOUTH = -56;

// Where the middle of the largest piece would mislead (the Malay peninsula, not Borneo), or where the atlas counts a
// place with its mother country: longitude, latitude.
const ANCHORS = {
  ID: [110.5, -7.3], MY: [102, 4.2], US: [-97, 39], FJ: [178, -17.8], KI: [173, 1.4], TV: [179.2, -8.5],
  NO: [9.5, 61], NZ: [173, -41.5], CL: [-71, -33.5], EC: [-78.5, -1.2], FR: [2.5, 46.6], PT: [-8, 39.6],
  GF: [-53.1, 3.9], GP: [-61.5, 16.2], MQ: [-61, 14.6], RE: [55.5, -21.1], YT: [45.2, -12.8], BQ: [-68.3, 12.2],
  CC: [96.8, -12.2], CX: [105.7, -10.5], SJ: [16, 78.5], TK: [-171.8, -9.2], GI: [-5.35, 36.1], XK: [20.9, 42.6],
};

const projection = geoEqualEarth().rotate([-MIDDLE, 0]);
const land = feature(atlas("land-110m"), "land");
const shapes = land.features.flatMap((shape) =>
  (shape.geometry.type === "Polygon" ? [shape.geometry.coordinates] : shape.geometry.coordinates).map((coordinates) => ({
    type: "Polygon",
    coordinates,
  })),
);
// Antarctica sends nobody and would take a fifth of the height.
const shown = { type: "GeometryCollection", geometries: shapes.filter((shape) => geoCentroid(shape)[1] > SOUTH - 6) };
projection.fitWidth(WIDTH, { type: "Sphere" });
const top = projection([MIDDLE, 83.7])[1];
const height = Math.ceil(projection([MIDDLE, SOUTH])[1] - top) + 4;
const [tx, ty] = projection.translate();
projection.translate([tx, ty - top + 2]);

const path = geoPath(projection).digits(1)(shown);
mkdirSync(out, { recursive: true });
writeFileSync(
  join(out, "world.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}"><path fill="${LAND}" d="${path}"/></svg>\n`,
);

const byNumber = new Map();
for (const name of ["countries-10m", "countries-50m"]) {
  for (const shape of feature(atlas(name), "countries").features) {
    if (shape.id) byNumber.set(shape.id, shape);
  }
}
const largest = ({ geometry }) => {
  if (geometry.type === "Polygon") return geometry;
  const pieces = geometry.coordinates.map((coordinates) => ({ type: "Polygon", coordinates }));
  return pieces.reduce((a, b) => (geoArea(b) > geoArea(a) ? b : a));
};

const [head, ...lines] = readFileSync(join(root, "app/directory/country_codes.csv"), "utf8").trim().split("\n");
const at = Object.fromEntries(head.split(",").map((name, index) => [name, index]));
const points = {};
const missing = [];
for (const line of lines) {
  const fields = line.split(",");
  const [code, number, inhabited] = [fields[at.alpha2], fields[at.numeric], fields[at.inhabited] === "yes"];
  const shape = byNumber.get(number);
  const place = ANCHORS[code] ?? (shape && geoCentroid(largest(shape)));
  if (place) {
    // In per cent of the drawing's width and height, two decimals: drawings of any size use them as they are.
    const [x, y] = projection(place);
    if (y <= height) points[code] = [+((x / WIDTH) * 100).toFixed(2), +((y / height) * 100).toFixed(2)];
  } else if (inhabited) missing.push(code);
}
if (missing.length) {
  console.error(`map: no place known for ${missing.join(", ")}`);
  process.exit(1);
}
writeFileSync(join(out, "centroids.json"), JSON.stringify({ width: WIDTH, height, points }) + "\n");
console.log(`map: ${Object.keys(points).length} places, outline ${(path.length / 1024).toFixed(0)} KiB, ${WIDTH} × ${height}`);
