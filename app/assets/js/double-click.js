const PAUSE_MS = 1500;

/** A second click on a submit button within a moment does nothing: the first is on its way. */
export function calmDoubleClicks() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const now = Date.now();
    if (now - Number(form.dataset.sentAt ?? 0) < PAUSE_MS) event.preventDefault();
    else form.dataset.sentAt = String(now);
  });
}
