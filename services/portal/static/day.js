// Keeps the running day fresh: asks for the numbers every second, writes them as text, never as HTML.
"use strict";
(function () {
  const EVERY_MS = 1000;
  const byId = (id) => document.getElementById(id);
  let tag = "";

  function make(name, text) {
    const element = document.createElement(name);
    element.textContent = text;
    return element;
  }

  function counted(row) {
    const item = document.createElement("li");
    item.dataset.state = row.state;
    item.append(make("span", row.label), make("b", String(row.count)));
    return item;
  }

  function visited(row) {
    const line = document.createElement("tr");
    line.dataset.state = row.state;
    const cells = [row.clock, row.technician_name, row.place, row.number, row.label];
    line.append(...cells.map((text) => make("td", text)));
    ["", "Technik", "Gdzie", "Zlecenie", "Stan"].forEach((label, i) => (line.cells[i].dataset.label = label));
    return line;
  }

  function happened(row) {
    const item = document.createElement("li");
    const said = document.createElement("span");
    if (row.number) {
      const link = make("a", row.number);
      link.href = "/c/orders/" + encodeURIComponent(row.work_order_id) + "/trace";
      said.append(link, ": ");
    }
    said.append(row.says);
    item.append(make("time", row.clock), " ", said);
    return item;
  }

  function list(id, rows, toElement) {
    const place = byId(id);
    place.replaceChildren(...(rows || []).map(toElement));
    const hint = place.closest("section").querySelector(".hint");
    if (hint) hint.hidden = place.childElementCount > 0;
  }

  function show(numbers) {
    byId("clock").textContent = numbers.clock;
    byId("live").textContent = numbers.live;
    for (const id of ["orders", "visits", "messages", "events"]) list(id, numbers[id], counted);
    list("next_visits", numbers.next_visits, visited);
    list("newest", numbers.newest, happened);
  }

  async function ask() {
    const answer = await fetch("/day/numbers", { cache: "no-store", headers: tag ? { "If-None-Match": tag } : {} });
    if (answer.status === 401) location.assign("/sign-in");
    if (answer.status === 304) return;
    if (!answer.ok) throw new Error(String(answer.status));
    const numbers = await answer.json();
    tag = answer.headers.get("ETag") || "";
    show(numbers);
  }

  async function keepFresh() {
    if (!document.hidden) {
      try {
        await ask();
        byId("stale").hidden = true;
      } catch (error) {
        byId("stale").hidden = false;
      }
    }
    setTimeout(keepFresh, EVERY_MS);
  }

  setTimeout(keepFresh, EVERY_MS);
})();
