// Everything works without this file. It makes forms kinder: nothing typed is lost, counters count, rows come and go.
import {
  CharacterCount,
  Checkboxes,
  createAll,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  SkipLink,
} from "govuk-frontend";

import { guardUnsavedWork } from "./js/unsaved.js";
import { calmDoubleClicks } from "./js/double-click.js";
import { enhanceSuggestions } from "./js/suggest.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

const texts = document.querySelector("#texts")?.dataset ?? {};

createAll(CharacterCount, {
  i18n: {
    charactersUnderLimit: { one: texts.oneLeft, other: texts.moreLeft },
    charactersAtLimit: texts.noneLeft,
    charactersOverLimit: { one: texts.oneOver, other: texts.moreOver },
  },
});
createAll(PasswordInput, {
  i18n: {
    showPassword: texts.show,
    hidePassword: texts.hide,
    showPasswordAriaLabel: texts.showPassword,
    hidePasswordAriaLabel: texts.hidePassword,
    passwordShownAnnouncement: texts.passwordShown,
    passwordHiddenAnnouncement: texts.passwordHidden,
  },
});
for (const component of [Checkboxes, ErrorSummary, NotificationBanner, Radios, SkipLink]) createAll(component);

guardUnsavedWork();
calmDoubleClicks();
enhanceSuggestions();
