// Keeps a part of a page fresh: asks for it every few seconds; the server made it, so it is shown as it came.
"use strict";
(function () {
  const place = document.getElementById("fresh");
  const stale = document.getElementById("stale");
  const every = Number(place.dataset.everyMs);
  let tag = "";

  async function ask() {
    const answer = await fetch(place.dataset.from, { cache: "no-store", headers: tag ? { "If-None-Match": tag } : {} });
    if (answer.redirected || answer.status === 401) return location.assign("/sign-in");
    if (answer.status === 304) return;
    if (!answer.ok) throw new Error(String(answer.status));
    const made = new DOMParser().parseFromString(await answer.text(), "text/html");
    const focused = document.activeElement && place.contains(document.activeElement) ? document.activeElement.getAttribute("href") : "";
    tag = answer.headers.get("ETag") || "";
    place.replaceChildren(...made.body.childNodes);
    if (focused) [...place.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus();
  }

  async function keepFresh() {
    if (!document.hidden) {
      try {
        await ask();
        stale.hidden = true;
      } catch (error) {
        stale.hidden = false;
      }
    }
    setTimeout(keepFresh, every);
  }

  setTimeout(keepFresh, every);
})();
