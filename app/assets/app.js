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

import { panelsBoard } from "./js/board.js";
import { keepBudgetTotals } from "./js/budget.js";
import { formalCheck } from "./js/check.js";
import { calmDoubleClicks } from "./js/double-click.js";
import { dragEntries } from "./js/drag.js";
import { keepTyped } from "./js/keep.js";
import { openMenu } from "./js/menu.js";
import { goToNeighbours } from "./js/neighbours.js";
import { livePanel } from "./js/panel.js";
import { pickEntries } from "./js/picking.js";
import { followTask } from "./js/progress.js";
import { plainRadios } from "./js/radios.js";
import { keepSheet } from "./js/sheet.js";
import { enhanceSuggestions } from "./js/suggest.js";
import { countDown } from "./js/time-left.js";
import { guardUnsavedWork } from "./js/unsaved.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

for (const component of [CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Radios, SkipLink]) {
  createAll(component);
}

plainRadios();
openMenu();
guardUnsavedWork();
calmDoubleClicks();
enhanceSuggestions();
countDown();
goToNeighbours();
livePanel();
dragEntries();
keepBudgetTotals();
keepTyped();
keepSheet();
panelsBoard();
formalCheck();
pickEntries();
followTask();
