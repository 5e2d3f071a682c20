/** Count down from the time the server named: the reader's clock is never asked, only how long the page has been open. */
const DAY = 86_400;
const HOUR = 3600;
const MINUTE = 60;

/** The two largest units of a span, in the page's language, rounded down as the server does. */
function words(seconds, language) {
  const say = (unit, number) => {
    const said = new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(Math.floor(number));
    return language === "ja" ? said.replace(/\s/g, "") : said;
  };
  if (seconds >= DAY) return `${say("day", seconds / DAY)} ${say("hour", (seconds % DAY) / HOUR)}`;
  if (seconds >= HOUR) return `${say("hour", seconds / HOUR)} ${say("minute", (seconds % HOUR) / MINUTE)}`;
  return `${say("minute", seconds / MINUTE)} ${say("second", seconds % MINUTE)}`;
}

export function countDown() {
  const language = document.documentElement.lang || "ja";
  for (const place of document.querySelectorAll("[data-seconds-left]")) {
    const total = Number(place.dataset.secondsLeft);
    const show = () => {
      const left = total - performance.now() / 1000; // since the page was asked for: never too late
      if (left <= 0) {
        place.textContent = place.dataset.over;
        return;
      }
      place.textContent = place.dataset.pattern.replace("{time}", words(left, language));
      setTimeout(show, left > 10 * MINUTE ? 15_000 : 1000); // each second only in the last ten minutes
    };
    show();
  }
}
