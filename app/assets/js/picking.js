// Choosing entries of a list: how many are ticked is said, Shift ticks all between two, ticking turns the choice to them.
// Without scripts the boxes and the select work as they are.

export function pickEntries() {
  const form = document.querySelector("form[data-picking]");
  if (!form) return;
  const boxes = [...document.querySelectorAll(`input[name="pick"][form="${form.id}"]`)];
  const which = form.elements.namedItem("which");
  const note = form.querySelector("[data-picked]");
  let last = null;

  const tell = () => {
    const number = boxes.filter(({ checked }) => checked).length;
    const words = number === 1 ? note.dataset.one : note.dataset.many;
    note.textContent = which.value === "picked" ? words.replace("#", String(number)) : "";
    for (const box of boxes) box.closest("tr").classList.toggle("app-picked", box.checked || which.value !== "picked");
  };

  for (const [place, box] of boxes.entries()) {
    box.addEventListener("click", (event) => {
      if (event.shiftKey && last !== null) {
        const [from, to] = [Math.min(last, place), Math.max(last, place)];
        for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
      }
      last = place;
      which.value = "picked";
      tell();
    });
  }
  which.addEventListener("change", tell);
  addEventListener("pageshow", tell); // a browser that comes back to the page keeps the ticks
}
