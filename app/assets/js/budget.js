const WAIT_MS = 400;

/**
 * Totals and ceilings of a budget while it is typed: the server answers the form as it stands with the box anew.
 * Without scripts the box shows what is saved.
 */
export function keepBudgetTotals() {
  const form = document.querySelector("form[data-budget]");
  const box = form?.querySelector("[data-budget-box]");
  if (!box) return;
  const note = form.querySelector("[data-budget-note]");
  let timer = 0;
  let asked = null;
  const count = () => {
    asked?.abort();
    asked = new XMLHttpRequest();
    asked.open("POST", form.dataset.budget);
    asked.responseType = "document"; // the browser reads the piece of a page: no text becomes HTML in a script
    asked.addEventListener("load", ({ target }) => {
      if (target.status !== 200 || !target.response?.querySelector("dl")) return;
      box.replaceChildren(...target.response.body.childNodes);
      note.textContent = note.dataset.typed;
    });
    asked.send(new FormData(form));
  };
  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, () => {
      clearTimeout(timer);
      timer = setTimeout(count, WAIT_MS);
    });
  }
}
