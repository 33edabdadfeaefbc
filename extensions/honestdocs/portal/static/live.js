// Keeps an open page true: marks, summaries and heartbeats follow what the portal tells.
//
// Every text of a service or of its answers is put on the page as text, never as markup.
// Without the portal nothing loads this file, and the page stays as it was built.

const PORTAL = "/_portal";
const STATES = ["passed", "failed", "error", "skipped"];
const SILENCE = 16000; // three pulses and a little: nobody is there any more
const PAUSE = 3000; // milliseconds between two looks at a status page

const page = document.querySelector("[data-honestdocs-page]")?.dataset.honestdocsPage ?? "";
let stream = null;
let heard = 0;
let stale = false;
let pill = null;

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function line(view) {
  const made = element("p", "honestdocs-line");
  made.append(element("span", "honestdocs-badge", view.badge), " ",
    element("span", "honestdocs-text", view.text));
  return made;
}

function show(box, view, ...parts) {
  const before = box.dataset.honestdocsState;
  for (const state of STATES) box.classList.toggle(`honestdocs-${state}`, state === view.state);
  box.dataset.honestdocsState = view.state;
  box.replaceChildren(line(view), ...parts);
  if (stale) markStale(box);
  if (before !== view.state) {
    box.classList.remove("honestdocs-changed");
    requestAnimationFrame(() => box.classList.add("honestdocs-changed"));
  }
}

function boxes(name, value) {
  return document.querySelectorAll(`[data-honestdocs-${name}="${CSS.escape(value)}"]`);
}

function onService(view) {
  for (const box of boxes("service", view.name)) {
    const parts = [];
    if (view.message) parts.push(element("p", "honestdocs-reason", `${view.message}.`));
    if (view.checks.length) {
      const checks = element("p", "honestdocs-checks");
      for (const check of view.checks) {
        checks.append(element("span", "honestdocs-check", `${check.name}: ${check.status}`), " ");
      }
      parts.push(checks);
    }
    show(box, view, ...parts);
  }
  refresh(view.name);
}

function onPage(view) {
  for (const box of boxes("page", view.page)) show(box, view);
  for (const example of view.examples) {
    for (const box of boxes("example", example.id)) show(box, example, ...details(example));
  }
}

function details(example) {
  const parts = [];
  if (example.flaky) parts.push(element("p", "honestdocs-flaky", example.flaky));
  if (example.mismatches.length) parts.push(table(example.mismatches));
  return parts;
}

function table(mismatches) {
  const whole = element("table", "docutils align-default honestdocs-table");
  const head = element("tr");
  for (const name of ["Where", "Documented", "Observed", "Likely fix"]) {
    const cell = element("th", "head", name);
    cell.scope = "col";
    head.append(cell);
  }
  const body = element("tbody");
  for (const found of mismatches) {
    const row = element("tr");
    for (const name of ["where", "documented", "observed"]) {
      const text = found[name] || "(nothing)";
      row.append(cellOf(element("code", "docutils literal notranslate", text)));
    }
    row.append(cellOf(found.fix));
    body.append(row);
  }
  const top = element("thead");
  top.append(head);
  whole.append(top, body);
  const wrapper = element("div", "table-wrapper docutils container");
  wrapper.append(whole);
  return wrapper;
}

function cellOf(content) {
  const cell = element("td");
  const text = element("p");
  text.append(content);
  cell.append(text);
  return cell;
}

// What is stale says so, in words.

function markStale(box) {
  const place = box.querySelector(".honestdocs-line");
  if (place && !place.querySelector(".honestdocs-stale")) {
    place.append(" ", element("span", "honestdocs-stale", "stale"));
  }
}

function setStale(value, why) {
  if (!pill) return;
  const text = value ? `Stale: ${why}` : "Live";
  if (stale === value && pill.textContent === text) return;
  stale = value;
  document.documentElement.classList.toggle("honestdocs-is-stale", value);
  pill.textContent = text;
  pill.classList.toggle("honestdocs-pill-stale", value);
  const live = document.querySelectorAll(
    "[data-honestdocs-service],[data-honestdocs-page],[data-honestdocs-example]");
  for (const box of live) {
    if (value) markStale(box);
    else box.querySelector(".honestdocs-stale")?.remove();
  }
}

function onPulse(pulse) {
  setStale(!pulse.watching, "nobody watches the services at the moment");
}

function addPill() {
  const holder = element("div", "honestdocs-pill-holder");
  holder.setAttribute("role", "status");
  pill = element("a", "honestdocs-pill", "Connecting");
  pill.href = "/status/";
  holder.append(pill);
  document.body.append(holder);
}

// The status pages are written by the portal whole; every text in them is escaped there.

let due = null;

async function refresh(name) {
  const place = document.querySelector("[data-honestdocs-status]");
  if (!place || due) return;
  const wanted = place.dataset.honestdocsStatus;
  if (wanted && name && wanted !== name) return;
  due = setTimeout(() => { due = null; }, PAUSE);
  try {
    const answer = await fetch(`${PORTAL}/status/${encodeURIComponent(wanted)}`);
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const open = place.contains(document.activeElement);
    if (!open) place.replaceChildren(...fresh.body.childNodes);
  } catch {
    // The stream says that the portal is gone.
  }
}

// One stream for each page that is in sight: a browser allows few to one host.

function connect() {
  if (stream || document.hidden) return;
  stream = new EventSource(`${PORTAL}/events?page=${encodeURIComponent(page)}`);
  const on = (name, act) => stream.addEventListener(name, (event) => {
    heard = Date.now();
    act(JSON.parse(event.data));
  });
  on("service", onService);
  on("page", onPage);
  on("pulse", onPulse);
  stream.addEventListener("error", () => {
    setStale(true, "the portal does not answer");
    if (stream?.readyState === EventSource.CLOSED) {
      disconnect();
      setTimeout(connect, 5000);
    }
  });
}

function disconnect() {
  stream?.close();
  stream = null;
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) disconnect();
  else connect();
});
setInterval(() => {
  if (stream && heard && Date.now() - heard > SILENCE) {
    setStale(true, "the portal has fallen silent");
  }
}, 2000);

addPill();
connect();
refresh("");

// The consoles are loaded only when somebody wants to try something.

function offerTrying() {
  for (const signature of document.querySelectorAll("dl.http > dt[id]")) {
    const opener = element("button", "honestdocs-try-open", "Try it");
    opener.type = "button";
    opener.setAttribute("aria-expanded", "false");
    opener.addEventListener("click", () => loadConsoles(signature.id), { once: true });
    signature.append(opener);
  }
  if (new URLSearchParams(location.search).has("try")) loadConsoles("");
}

let consoles = null;

function loadConsoles(anchor) {
  consoles ??= import(`${PORTAL}/static/try.js`).then((found) => found.begin(page));
  consoles.then((found) => found.get(anchor)?.toggle()).catch(() => { consoles = null; });
}

if (page) offerTrying();
