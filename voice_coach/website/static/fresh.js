// Renews what the speaker is doing, where a browser runs scripts; without it the link does.
"use strict";
(() => {
  const place = document.querySelector("[data-fresh]");
  if (!place) return;
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(place.dataset.fresh, { cache: "no-store", redirect: "error" });
      if (!answer.ok) return;
      const text = await answer.text();
      if (text !== place.dataset.last) {
        place.dataset.last = text;
        place.innerHTML = text;
      }
    } catch (error) {
      // The speaker's machine may be away for a moment.
    }
  }, Number(place.dataset.every) || 5000);
})();
