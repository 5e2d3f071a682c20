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
  let asked = 0;
  const count = async () => {
    asked += 1;
    const mine = asked;
    const answer = await fetch(form.dataset.budget, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (!answer?.ok || answer.redirected || mine !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== asked) return;
    box.replaceChildren(...page.body.childNodes);
    note.textContent = note.dataset.typed;
  };
  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, () => {
      clearTimeout(timer);
      timer = setTimeout(count, WAIT_MS);
    });
  }
}
