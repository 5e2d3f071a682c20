const SLACK = 5; // pixels a pointer may tremble before a press becomes a carrying
const EDGE = 90; // pixels from the window's edge where the page begins to scroll
const STEP = 14;

/**
 * Plans of a board are carried to another place by a handle: with mouse, finger or pen, or with the arrow keys. The
 * places of those that were carried stand in their fields «move to», which may also be filled by hand; Escape puts a
 * plan back. Where nobody may move there are no such fields, and no handles.
 */
export function letCarry(form, body, reckon) {
  const carried = new Set();
  const put = (row, next) => {
    body.insertBefore(row, next);
    carried.add(row);
    [...body.rows].forEach((one, place) => {
      if (carried.has(one)) fieldOf(one).value = place + 1;
    });
    fieldOf(row).dispatchEvent(new Event("input", { bubbles: true }));
    reckon();
  };
  const tell = (row) => {
    const place = fieldOf(row).value;
    form.querySelector("[data-news]").textContent = form.dataset.moved
      .replace("{name}", nameOf(row))
      .replace("{place}", place);
  };
  for (const row of body.rows) {
    if (!fieldOf(row)) return;
    if (fieldOf(row).value) carried.add(row);
    row.cells[0].prepend(handleOf(form, row, put, tell));
  }
  body.addEventListener("change", ({ target }) => {
    if (!target.name?.startsWith("to-")) return;
    const row = target.closest("tr");
    const place = Number(target.value.normalize("NFKC"));
    if (!Number.isInteger(place) || place < 1) return; // the server says what is wrong with it
    put(row, [...body.rows].filter((one) => one !== row)[place - 1] ?? null);
    tell(row);
  });
}

function handleOf(form, row, put, tell) {
  const handle = document.createElement("button");
  handle.type = "button";
  handle.className = "app-handle";
  handle.setAttribute("aria-label", form.dataset.handle.replace("{name}", nameOf(row)));
  let home = null;
  let hand = null;
  handle.addEventListener("focus", () => (home ??= { next: row.nextElementSibling }));
  handle.addEventListener("blur", () => (home = null));
  handle.addEventListener("keydown", (event) => {
    const place = placeFor(event.key, row, hand ? null : home);
    if (place === undefined) return;
    event.preventDefault();
    const from = home;
    put(row, place);
    handle.focus();
    home = from;
    row.scrollIntoView({ block: "nearest", behavior: "instant" });
    tell(row);
  });
  handle.addEventListener("pointerdown", (event) => {
    if (event.button || hand) return;
    handle.setPointerCapture(event.pointerId);
    hand = carry(row, event.clientX, event.clientY, (next) => {
      hand = null;
      if (next === undefined) return;
      put(row, next);
      tell(row);
    });
  });
  handle.addEventListener("pointermove", (event) => hand?.move(event.clientY));
  handle.addEventListener("pointerup", () => hand?.end(true));
  handle.addEventListener("pointercancel", () => hand?.end(false));
  return handle;
}

/** The row in front of which a key puts a plan; null for the end, undefined for no move at all. */
function placeFor(key, row, home) {
  if (key === "ArrowUp" && row.previousElementSibling) return row.previousElementSibling;
  if (key === "ArrowDown" && row.nextElementSibling) return row.nextElementSibling.nextElementSibling;
  return key === "Escape" && home && home.next !== row.nextElementSibling ? home.next : undefined;
}

/** A plan between press and release: where it would land is marked. `over(next)`: undefined if it was let go. */
function carry(row, x, start, over) {
  let y = start;
  let isMoving = false;
  let target = null;
  const mark = (place) => {
    if (target?.row === place?.row && target?.isAfter === place?.isAfter) return;
    target?.row.classList.remove("app-board__drop", "app-board__drop--after");
    target = place;
    target?.row.classList.add(target?.isAfter ? "app-board__drop--after" : "app-board__drop");
  };
  const follow = () => {
    if (!isMoving) return;
    if (y < EDGE) window.scrollBy({ top: -STEP, behavior: "instant" });
    else if (y > window.innerHeight - EDGE) window.scrollBy({ top: STEP, behavior: "instant" });
    const below = document.elementFromPoint(x, y)?.closest("tr[data-plan]");
    if (below === row) mark(null);
    else if (below) {
      const { top, height } = below.getBoundingClientRect();
      mark({ row: below, isAfter: y > top + height / 2 });
    }
    requestAnimationFrame(follow);
  };
  const end = (isDropped) => {
    document.removeEventListener("keydown", escape, true);
    row.classList.remove("app-carried");
    const landing = isMoving && isDropped ? target : null;
    isMoving = false;
    mark(null);
    over(landing ? (landing.isAfter ? landing.row.nextElementSibling : landing.row) : undefined);
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
      if (isMoving || Math.abs(y - start) <= SLACK) return;
      isMoving = true;
      row.classList.add("app-carried");
      follow();
    },
    end,
  };
}

function fieldOf(row) {
  return row.querySelector("[name^='to-']");
}

function nameOf(row) {
  return row.querySelector("[data-name]").textContent.trim();
}
