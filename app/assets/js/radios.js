// GOV.UK's radios say "aria-expanded" of a radio that reveals something, which ARIA does not allow on radios. What is
// revealed stands right behind it in the page, so the attribute is taken off again.
function strip() {
  for (const radio of document.querySelectorAll('input[type="radio"][aria-expanded]')) {
    radio.removeAttribute("aria-expanded");
  }
}

export function plainRadios() {
  strip();
  document.addEventListener("click", strip);
  window.addEventListener("pageshow", strip);
}
