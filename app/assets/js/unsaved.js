/** Ask before leaving a form in which something was typed and not sent. Forms opt in with data-guard. */
export function guardUnsavedWork() {
  for (const form of document.querySelectorAll("form[data-guard]")) {
    let touched = false;
    const ask = (event) => event.preventDefault();
    form.addEventListener("input", () => {
      if (!touched) window.addEventListener("beforeunload", ask);
      touched = true;
    });
    form.addEventListener("submit", () => window.removeEventListener("beforeunload", ask));
  }
}
