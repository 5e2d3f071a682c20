/**
 * What a board comes to, as app/board/summing.py says it; a test holds the two equal. Plans are
 * `{ mark: "" | "adopted" | "reserve" | "declined", counts: { money, people, … } }`, down the board.
 */

/** How each plan stands under a budget line: its mark, or "adopted" above the line and "below" under it. */
export function standing(plans, line) {
  let room = line;
  for (const { mark, counts } of plans) if (mark === "adopted") room -= counts.money ?? 0;
  let isOpen = true;
  return plans.map(({ mark, counts }) => {
    if (mark) return mark;
    const money = counts.money ?? 0;
    isOpen = isOpen && money <= room;
    if (isOpen) room -= money;
    return isOpen ? "adopted" : "below";
  });
}

/** The sums of the adopted plans, on top of what there is `before`. */
export function totals(plans, stands, before = {}) {
  const found = { ...before };
  plans.forEach(({ counts }, place) => {
    if (stands[place] !== "adopted") return;
    for (const key in counts) found[key] = (found[key] ?? 0) + counts[key];
  });
  return found;
}

/** What sums say of a measure; one that ends in * counts how many different things there are. */
export function amount(found, measure) {
  if (!measure.endsWith("*")) return found[measure] ?? 0;
  const prefix = measure.slice(0, -1);
  return Object.keys(found).filter((key) => key.startsWith(prefix) && found[key] > 0).length;
}
