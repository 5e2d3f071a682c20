import { letCarry } from "./board-carry.js";
import { amount, standing, totals } from "./board-sums.js";

const UNITS = /[,\s¥\u5186]/g;
const shown = new Intl.NumberFormat("en-US");

/**
 * The panel's board (form[data-board]) reckons while the budget line slides, outcomes are chosen and plans carried to
 * other places. Nothing is stored until the form is sent. Without scripts the server reckons.
 */
export function panelsBoard() {
  const form = document.querySelector("form[data-board]");
  if (!form) return;
  const body = form.querySelector("[data-board-table] tbody");
  const plans = new Map([...body.rows].map((row) => [row, planOf(row)]));
  const page = partsOf(form);
  const before = JSON.parse(form.dataset.before);
  const words = JSON.parse(form.dataset.words);

  const reckon = () => {
    const order = [...body.rows].map((row) => plans.get(row));
    const stands = standing(order, lineOf(page.line));
    drawRows(order, stands, words);
    drawSums(page, totals(order, stands), totals(order, stands, before), stands);
  };
  form.querySelector("[data-without-scripts]").hidden = true;
  slide(form, page.line, reckon);
  body.addEventListener("change", ({ target }) => {
    if (!target.name?.startsWith("mark-")) return;
    plans.get(target.closest("tr")).mark = target.value;
    reckon();
  });
  letCarry(form, body, reckon);
  reckon();
}

function planOf(row) {
  return {
    counts: JSON.parse(row.dataset.counts),
    mark: row.querySelector("select")?.value ?? row.dataset.mark,
    row,
    stand: row.dataset.stand,
    number: row.querySelector("[data-number]"),
    spent: row.querySelector("[data-spent]"),
    waiting: row.querySelector("[data-waiting]"),
    badge: row.querySelector("[data-badge]"),
  };
}

function partsOf(form) {
  return {
    line: form.querySelector("[name=line]"),
    amounts: [...form.querySelectorAll("[data-amount]")],
    stands: [...form.querySelectorAll("[data-stands]")],
    targets: [...form.querySelectorAll("[data-target]")].map((item) => ({
      measure: item.dataset.target,
      goal: Number(item.dataset.goal),
      isCeiling: "ceiling" in item.dataset,
      meter: item.querySelector("meter"),
      number: item.querySelector("[data-year]"),
      met: item.querySelector("[data-met]"),
      unmet: item.querySelector("[data-unmet]"),
    })),
  };
}

/** The budget line in yen; what is no number counts as nothing. */
function lineOf(field) {
  return Number(field.value.normalize("NFKC").replace(UNITS, "")) || 0;
}

/** The slider, the field and the buttons are three ways to one number. */
function slide(form, field, reckon) {
  const range = form.querySelector("[data-range]");
  range.parentElement.hidden = false;
  const set = (line) => {
    field.value = shown.format(line);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  range.addEventListener("input", (event) => {
    event.stopPropagation(); // the field says it in its place
    set(Number(range.value));
  });
  field.addEventListener("input", () => {
    range.value = lineOf(field);
    reckon();
  });
  for (const button of form.querySelectorAll("[name=step]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      set(Math.max(lineOf(field) + Number(button.value), 0));
    });
  }
}

/** Only what has changed is written: a board of hundreds of plans follows the finger. */
function drawRows(order, stands, words) {
  let spent = 0;
  let waiting = 0;
  let isOpen = true;
  order.forEach((plan, place) => {
    const stand = stands[place];
    if (stand === "adopted") spent += plan.counts.money ?? 0;
    write(plan.number, place + 1);
    write(plan.spent, shown.format(spent));
    write(plan.waiting, stand === "reserve" ? (waiting += 1) : "");
    const isFirstBelow = isOpen && stand === "below";
    if (isFirstBelow) isOpen = false;
    if (plan.row.hasAttribute("data-first-below") !== isFirstBelow) plan.row.toggleAttribute("data-first-below");
    if (plan.stand === stand) return;
    const [label, tone] = words[stand];
    write(plan.badge, label);
    plan.badge.className = `app-badge app-badge--${tone}`;
    plan.row.dataset.stand = plan.stand = stand;
  });
}

function drawSums(page, round, year, stands) {
  for (const item of page.amounts) write(item, shown.format(amount(round, item.dataset.amount)));
  for (const item of page.stands) write(item, stands.filter((stand) => stand === item.dataset.stands).length);
  for (const { measure, goal, isCeiling, meter, number, met, unmet } of page.targets) {
    const now = amount(year, measure);
    write(number, shown.format(now));
    meter.value = now;
    met.hidden = isCeiling ? now > goal : now < goal;
    unmet.hidden = !met.hidden;
  }
}

function write(item, text) {
  if (item.textContent !== String(text)) item.textContent = text;
}
