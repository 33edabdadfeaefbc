// What the editor gains with a script: numbers of lines, marks beside them, and drafts that stay.
// Without it everything can be done as well: the forms are plain ones.

const form = document.getElementById("edit");
const area = document.getElementById("text");
const message = document.getElementById("message");
const gutter = form.querySelector(".gutter");
const kept = `edit:${form.dataset.path}`;
const placed = `${kept}:place`;

const lineHeight = () => parseFloat(getComputedStyle(area).lineHeight);

function number() {
  const count = area.value.split("\n").length;
  if (Number(gutter.dataset.count) === count) return;
  gutter.dataset.count = count;
  const marks = [...gutter.querySelectorAll("span")];
  gutter.textContent = Array.from({ length: count }, (_, at) => at + 1).join("\n");
  gutter.append(...marks);
}

function follow() {
  gutter.scrollTop = area.scrollTop;
}

function mark() {
  const top = parseFloat(getComputedStyle(gutter).paddingTop);
  for (const item of document.querySelectorAll(".findings li[data-line]")) {
    const sign = document.createElement("span");
    sign.textContent = item.classList.contains("unchecked") ? "?" : "!";
    sign.className = item.className;
    sign.style.top = `${top + (Number(item.dataset.line) - 1) * lineHeight()}px`;
    sign.style.height = `${lineHeight()}px`;
    gutter.append(sign);
  }
}

function show(line) {
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1] || "").length);
  area.scrollTop = Math.max(0, (line - 4) * lineHeight());
  area.scrollLeft = 0;
}

function stored(place, name) {
  try {
    return JSON.parse(place.getItem(name));
  } catch {
    return null;
  }
}

function store(place, name, value) {
  try {
    if (value === null) place.removeItem(name);
    else place.setItem(name, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing: the text is in the form all the same.
  }
}

let waiting = 0;
function keep() {
  clearTimeout(waiting);
  waiting = setTimeout(keepNow, 300);
}

function keepNow() {
  clearTimeout(waiting);
  store(localStorage, kept, {
    base: form.elements.base.value,
    text: area.value,
    message: message.value,
    at: Date.now(),
  });
}

function offer(draft) {
  const box = document.getElementById("draft");
  box.textContent = `A draft of ${new Date(draft.at).toLocaleString()} is kept in this browser.`;
  const take = document.createElement("button");
  take.type = "button";
  take.textContent = "Go on with it";
  take.addEventListener("click", () => {
    form.elements.base.value = draft.base;
    form.querySelector(".as-of").textContent = `as of ${draft.base.slice(0, 12)}`;
    area.value = draft.text;
    message.value = draft.message || message.value;
    number();
    box.hidden = true;
    area.focus();
  });
  const drop = document.createElement("button");
  drop.type = "button";
  drop.textContent = "Forget it";
  drop.addEventListener("click", () => {
    store(localStorage, kept, null);
    box.hidden = true;
    area.focus();
  });
  box.append(take, drop);
  box.hidden = false;
}

number();
mark();
follow();
area.addEventListener("input", () => {
  number();
  keep();
});
message.addEventListener("input", keep);
area.addEventListener("scroll", follow);

for (const link of document.querySelectorAll(".findings a[data-line]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    show(Number(link.dataset.line));
  });
}

form.addEventListener("submit", (event) => {
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  keepNow();
  const at = [area.selectionStart, area.selectionEnd, area.scrollTop];
  store(sessionStorage, placed, at);
  const words = { commit: "The gate looks at your change …", difference: "Comparing …" };
  const action = event.submitter ? event.submitter.value : "preview";
  document.getElementById("busy").textContent = words[action] || "Building, and running examples …";
});
window.addEventListener("pageshow", () => {
  delete form.dataset.sent;
  document.getElementById("busy").textContent = "";
});

if (form.dataset.committed) store(localStorage, kept, null);
const draft = stored(localStorage, kept);
if (form.dataset.fresh && draft && draft.text !== area.value) offer(draft);

const at = stored(sessionStorage, placed);
store(sessionStorage, placed, null);
if (!form.dataset.fresh && at) {
  area.setSelectionRange(at[0], at[1]);
  area.scrollTop = at[2];
}
