const SLACK = 5; // pixels a pointer may tremble before a press becomes a drag
const EDGE = 80; // pixels from the window's edge where the page begins to scroll
const STEP = 12;

/**
 * Entries of an itinerary (data-days) are carried to another day or place by a handle: with mouse, finger or pen, or
 * with the arrow keys. The form then says what its buttons would have made of it, number of the day and order; nothing
 * is saved. Escape puts an entry back. Without scripts there are the buttons.
 */
export function dragEntries() {
  const days = document.querySelector("[data-days]");
  if (!days) return;
  days.querySelector("[data-hint]").hidden = false;
  for (const row of days.querySelectorAll("[data-entry]")) row.prepend(handleOf(days, row));
}

function handleOf(days, row) {
  const handle = document.createElement("button");
  handle.type = "button";
  handle.className = "app-handle";
  handle.setAttribute("aria-label", days.dataset.handle.replace("{name}", nameOf(row)));
  let home = null;
  let carried = null;
  handle.addEventListener("focus", () => {
    home ??= whereIs(row);
  });
  handle.addEventListener("blur", () => {
    home = null;
  });
  handle.addEventListener("keydown", (event) => {
    const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const place = way ? neighbour(days, row, way) : event.key === "Escape" && !carried ? home : null;
    if (!place) return;
    event.preventDefault();
    const from = home;
    put(days, row, place);
    handle.focus();
    home = from;
    tell(days, row, way ? days.dataset.moved : days.dataset.back);
  });
  handle.addEventListener("pointerdown", (event) => {
    if (event.button || carried) return;
    handle.setPointerCapture(event.pointerId);
    carried = carry(days, row, event.clientY, () => {
      carried = null;
    });
  });
  handle.addEventListener("pointermove", (event) => carried?.move(event.clientY));
  handle.addEventListener("pointerup", () => carried?.drop());
  handle.addEventListener("pointercancel", () => carried?.cancel());
  return handle;
}

/** An entry between press and release: where it would land is marked by a line. */
function carry(days, row, start, over) {
  const mark = document.createElement("li");
  mark.className = "app-drop";
  let y = start;
  let isMoving = false;
  const follow = () => {
    if (!isMoving) return;
    if (y < EDGE) window.scrollBy(0, -STEP);
    else if (y > window.innerHeight - EDGE) window.scrollBy(0, STEP);
    const { list, next } = placeAt(days, row, y);
    if (mark.parentNode !== list || mark.nextSibling !== next) list.insertBefore(mark, next);
    requestAnimationFrame(follow);
  };
  const begin = () => {
    isMoving = true;
    for (const other of days.querySelectorAll("[data-entry]")) {
      other.dataset.title = other.querySelector("input[name$='-title']").value;
    }
    fold(days, row, true);
    follow();
  };
  const end = (isDropped) => {
    document.removeEventListener("keydown", escape, true);
    over();
    if (!isMoving) return;
    isMoving = false;
    if (isDropped && mark.parentNode) put(days, row, { list: mark.parentNode, next: mark.nextElementSibling });
    mark.remove();
    fold(days, row, false);
    row.scrollIntoView({ block: "nearest", behavior: "instant" });
    tell(days, row, isDropped ? days.dataset.moved : days.dataset.back);
  };
  const escape = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    end(false);
  };
  document.addEventListener("keydown", escape, true);
  return {
    move(now) {
      y = now;
      if (!isMoving && Math.abs(y - start) > SLACK) begin();
    },
    drop: () => end(true),
    cancel: () => end(false),
  };
}

/** Entries shrink to a line each while one is carried, so that every day is near; the carried one stays in place. */
function fold(days, row, isFolded) {
  const before = row.getBoundingClientRect().top;
  days.classList.toggle("app-days--folded", isFolded);
  row.classList.toggle("app-carried", isFolded);
  window.scrollBy({ top: row.getBoundingClientRect().top - before, behavior: "instant" });
}

/** The list and the entry in front of which a pointer at this height lets go. */
function placeAt(days, row, y) {
  const sections = [...days.querySelectorAll("[data-day]")];
  const section = sections.find((one) => one.getBoundingClientRect().bottom >= y) ?? sections.at(-1);
  const list = section.querySelector("ol");
  const others = [...list.querySelectorAll("[data-entry]")].filter((one) => one !== row);
  return { list, next: others.find((one) => middle(one) > y) ?? null };
}

function middle(element) {
  const { top, height } = element.getBoundingClientRect();
  return top + height / 2;
}

/** One place further in the order of the page, over the border of a day where need be. */
function neighbour(days, row, way) {
  const list = row.parentElement;
  const beside = way < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (beside) return { list, next: way < 0 ? beside : beside.nextElementSibling };
  const lists = [...days.querySelectorAll("ol")];
  const other = lists[lists.indexOf(list) + way];
  if (!other?.closest("[data-day]")) return null;
  return { list: other, next: way < 0 ? null : other.firstElementChild };
}

function whereIs(row) {
  return { list: row.parentElement, next: row.nextElementSibling, day: dayOf(row).value };
}

/** Put an entry into a place; the form says so: its day, and the order of all. */
function put(days, row, { list, next, day }) {
  list.insertBefore(row, next);
  dayOf(row).value = day ?? list.closest("[data-day]").dataset.day;
  for (const [number, entry] of [...days.querySelectorAll("[data-entry]")].entries()) {
    for (const control of entry.querySelectorAll("[name^='rows-']")) {
      control.name = control.name.replace(/^rows-\d+/, `rows-${number}`);
    }
    for (const button of entry.querySelectorAll("[name=do]")) button.value = button.value.replace(/\d+$/, number);
  }
  dayOf(row).dispatchEvent(new Event("input", { bubbles: true }));
}

function dayOf(row) {
  return row.querySelector("input[name$='-day']");
}

function nameOf(row) {
  return row.querySelector("legend").textContent.trim();
}

function tell(days, row, pattern) {
  const day = row.closest("section").querySelector("h3").textContent.replace(/\s+/g, " ").trim();
  days.querySelector("[role=status]").textContent = pattern.replace("{name}", nameOf(row)).replace("{day}", day);
}
