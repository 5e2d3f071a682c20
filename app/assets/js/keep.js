const WAIT_MS = 3000;
const BEAT_MS = 45_000;

/**
 * What is typed into a form (data-keep="<address>") is kept on the server every few seconds while somebody types, for
 * that person alone; the same small request says who else is there. Nothing is saved by it. One request is under way at
 * a time; when the page is left, what is not kept yet goes after it. Without scripts a form is kept only by saving.
 */
export function keepTyped() {
  const form = document.querySelector("form[data-keep]");
  if (!form) return;
  const place = form.querySelector("[data-kept]");
  const news = form.querySelector("[data-kept-news]");
  let typed = 0;
  let kept = 0;
  let timer = 0;
  let underWay = null;
  let isSent = false;

  const send = () => {
    timer = 0;
    if (underWay || isSent) return;
    const sending = typed;
    underWay = new XMLHttpRequest();
    underWay.open("POST", form.dataset.keep);
    underWay.responseType = "document"; // parsed by the browser, without scripts: nothing is written as markup here
    underWay.onloadend = ({ target }) => {
      underWay = null;
      if (isSent) return;
      const isKept = show(target, place);
      if (isKept && sending > kept) {
        if (kept === 0) news.textContent = news.dataset.said; // said once; the time beside the buttons is for the eye
        kept = sending;
      }
      if (typed > kept) later(isKept ? WAIT_MS : BEAT_MS);
    };
    underWay.send(fields(form, typed > kept));
  };
  const later = (wait = WAIT_MS) => {
    timer ||= setTimeout(send, wait);
  };
  form.addEventListener("input", () => {
    typed += 1;
    later();
  });
  // What was sent and refused stands in the form and is saved nowhere.
  if (document.querySelector(".govuk-error-summary")) {
    typed = 1;
    later();
  }
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    isSent = true;
    clearTimeout(timer);
    underWay?.abort();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") send();
    else if (typed > kept && !isSent) navigator.sendBeacon(form.dataset.keep, fields(form, true));
  });
  setInterval(() => {
    if (document.visibilityState === "visible" && !timer) send();
  }, BEAT_MS);
}

function fields(form, isTyped) {
  const found = new FormData(form);
  if (isTyped) found.set("typed", "1");
  return new URLSearchParams(found);
}

/** Show who is there and when the text was kept. Returns whether the server took the request. */
function show(request, place) {
  const present = request.status === 200 ? request.response?.getElementById("presence") : null;
  if (present) document.getElementById("presence").replaceWith(document.adoptNode(present));
  const time = present && request.response.getElementById("kept");
  if (time) place.textContent = time.textContent;
  if (!present) place.textContent = place.dataset.lost;
  place.classList.toggle("app-kept--lost", !present);
  return Boolean(present);
}
