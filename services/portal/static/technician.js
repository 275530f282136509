// The technician's page with scripts: a photo is sent once it is taken, the customer signs on the glass.
"use strict";
(function () {
  for (const form of document.querySelectorAll("form[data-send-at-once]")) {
    const file = form.querySelector("input[type=file]");
    file.addEventListener("change", () => {
      if (!file.files.length) return;
      form.querySelector("button").textContent = "Wysyłam…";
      form.submit();
    });
  }

  const form = document.querySelector("form[data-signature]");
  if (!form) return;
  const input = form.querySelector("input[type=file]");
  const pad = document.createElement("canvas");
  pad.className = "pad";
  pad.setAttribute("role", "img");
  pad.setAttribute("aria-label", "Pole na podpis; bez pióra można dodać zdjęcie podpisu poniżej");
  const clear = document.createElement("button");
  clear.type = "button";
  clear.className = "quiet";
  clear.textContent = "Wyczyść";
  const row = document.createElement("p");
  row.className = "row";
  const send = form.querySelector("button");
  form.insertBefore(pad, input.parentElement);
  form.append(row);
  row.append(send, clear);
  input.required = false;
  input.parentElement.querySelector("label").firstChild.textContent = "albo zdjęcie podpisu ";

  const pen = pad.getContext("2d");
  let isDown = false, strokes = 0;
  function blank() {
    pad.width = Math.round(pad.clientWidth * 2);
    pad.height = Math.round(pad.clientHeight * 2);
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, pad.width, pad.height);
    pen.lineWidth = 5;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#101010";
    strokes = 0;
  }
  const at = (event) => [event.offsetX * 2, event.offsetY * 2];
  pad.addEventListener("pointerdown", (event) => {
    isDown = true;
    pad.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
    event.preventDefault();
  });
  pad.addEventListener("pointermove", (event) => {
    if (!isDown) return;
    pen.lineTo(...at(event));
    pen.stroke();
    strokes++;
  });
  for (const name of ["pointerup", "pointercancel"]) pad.addEventListener(name, () => (isDown = false));
  clear.addEventListener("click", blank);
  form.addEventListener("submit", (event) => {
    if (input.files.length || form.dataset.ready) return;
    event.preventDefault();
    if (strokes < 5) return pad.scrollIntoView();
    pad.toBlob((picture) => {
      const files = new DataTransfer();
      files.items.add(new File([picture], "podpis.png", { type: "image/png" }));
      input.files = files.files;
      form.dataset.ready = "1";
      form.submit();
    }, "image/png");
  });
  blank();
})();
