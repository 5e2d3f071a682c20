const WAIT_MS = 2500;
const LATER_MS = 30_000;

/**
 * A score sheet (form[data-sheet="<address>"]) is kept as a draft a few seconds after somebody types. The answer names
 * the version that was kept; the form takes it over, so that two open pages of one sheet never overwrite each other
 * unseen: the later one is told, and saving there compares the two. Without scripts a sheet is kept by saving it.
 */
export function keepSheet() {
  const form = document.querySelector("form[data-sheet]");
  if (!form) return;
  const place = form.querySelector("[data-sheet-kept]");
  const news = form.querySelector("[data-sheet-news]");
  let typed = 0;
  let kept = 0;
  let timer = 0;
  let underWay = null;
  let isOver = false;

  const later = (wait = WAIT_MS) => {
    if (!isOver) timer ||= setTimeout(send, wait);
  };
  const tell = (text, isLost) => {
    place.textContent = text;
    place.classList.toggle("app-kept--lost", isLost);
  };
  function send() {
    timer = 0;
    if (underWay || isOver || typed === kept) return;
    const sending = typed;
    underWay = new XMLHttpRequest();
    underWay.open("POST", form.dataset.sheet);
    underWay.responseType = "document"; // parsed by the browser, without scripts: nothing is written as markup here
    underWay.onloadend = ({ target }) => {
      underWay = null;
      if (isOver) return;
      const answer = target.status === 200 ? target.response?.getElementById("kept") : null;
      if (answer) {
        form.elements.version.value = answer.dataset.version;
        tell(answer.textContent, false);
        if (kept === 0) news.textContent = news.dataset.said;
        kept = sending;
      } else if (target.status === 409) {
        isOver = true;
        tell(place.dataset.elsewhere, true);
        return;
      } else if (target.status === 404) {
        // a conflict of interest came to light, or the plan was taken back: it does not exist for the reader any more
        isOver = true;
        tell(place.dataset.closed, true);
        return;
      } else tell(target.status === 422 ? place.dataset.wrong : place.dataset.lost, true);
      if (typed > kept) later(answer ? WAIT_MS : LATER_MS);
    };
    underWay.send(new URLSearchParams(new FormData(form)));
  }
  form.addEventListener("input", () => {
    typed += 1;
    later();
  });
  // While one request is under way a second would be sent with an outdated version: the button waits for its answer.
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (underWay) {
      event.preventDefault();
      const button = event.submitter;
      underWay.addEventListener("loadend", () => setTimeout(() => form.requestSubmit(button)), { once: true });
      return;
    }
    isOver = true;
    clearTimeout(timer);
  });
}
