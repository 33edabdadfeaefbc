// A console at every operation: a request is sent through the portal, the answer is shown as text.
//
// What a server answers is only ever put into the page as text. Nothing is sent before a reader
// says so, also not from a permalink. Values of secret fields are neither kept nor linked.

const PORTAL = "/_portal";
const HISTORY = "honestdocs-try";
const KEPT = 30;
const SECRET = /auth|cookie|token|secret|password|api-?key/i;
const BODILESS = new Set(["GET", "HEAD"]);

let numbered = 0;

// Makes a console for each operation of a page; returns them by the id of its signature.
export async function begin(page) {
  const answer = await fetch(`${PORTAL}/api/operations?page=${encodeURIComponent(page)}`);
  const { operations } = await answer.json();
  const linked = fromLink();
  const found = new Map();
  for (const operation of operations) {
    const signature = document.getElementById(operation.anchor);
    const opener = signature?.querySelector(".honestdocs-try-open");
    const place = signature?.parentElement?.querySelector(":scope > dd");
    if (!place || !opener) continue;
    const made = new Console(operation, place, opener);
    found.set(operation.anchor, made);
    if (linked?.operation === operation.operation) {
      made.open(linked);
      signature.scrollIntoView();
    }
  }
  for (const opener of document.querySelectorAll(".honestdocs-try-open")) {
    if (!found.has(opener.parentElement.id)) opener.remove();
  }
  return found;
}

function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function button(text, act, className = "honestdocs-button") {
  const made = make("button", className, text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

class Console {
  constructor(operation, place, opener) {
    this.operation = operation;
    this.place = place;
    this.id = `honestdocs-try-${numbered += 1}`;
    this.box = null;
    this.opener = opener.cloneNode(true);
    this.opener.addEventListener("click", () => this.toggle());
    opener.replaceWith(this.opener);
  }

  toggle() {
    if (this.box && !this.box.hidden) {
      this.box.hidden = true;
      this.opener.setAttribute("aria-expanded", "false");
    } else {
      this.open();
      this.target.focus();
    }
  }

  open(request) {
    if (!this.box) this.build();
    this.box.hidden = false;
    this.opener.setAttribute("aria-expanded", "true");
    if (request) this.fill(request);
  }

  build() {
    const { operation } = this;
    this.box = make("form", "honestdocs-try");
    this.box.setAttribute("aria-label", `Try ${operation.operation}`);
    this.target = this.field("input", `${operation.method} path`, "target");
    this.headers = this.field("textarea", "Header fields, one a line", "headers");
    this.headers.rows = Math.max(2, operation.headers.length);
    if (!BODILESS.has(operation.method)) {
      this.body = this.field("textarea", "Body", "body");
      this.body.rows = Math.min(10, Math.max(2, operation.body.split("\n").length));
    }
    const send = make("button", "honestdocs-button honestdocs-send", "Send");
    send.type = "submit";
    this.send = send;
    this.history = make("select", "honestdocs-sent");
    this.history.setAttribute("aria-label", "Requests sent before");
    this.history.addEventListener("change", () => this.recall());
    const tools = make("div", "honestdocs-tools");
    tools.append(send, button("Copy a link", (event) => this.link(event.currentTarget)),
      button("As documented", () => this.fill(operation)), this.history,
      button("Forget history", () => { save([]); this.list(); }));
    this.result = make("div", "honestdocs-result");
    this.result.setAttribute("aria-live", "polite");
    this.box.append(tools, this.result);
    this.box.addEventListener("submit", (event) => {
      event.preventDefault();
      this.run();
    });
    this.fill(operation);
    this.list();
    this.place.prepend(this.box);
  }

  field(tag, label, name) {
    const holder = make("label", "honestdocs-field");
    const input = make(tag);
    input.name = name;
    input.id = `${this.id}-${name}`;
    input.spellcheck = false;
    input.autocomplete = "off";
    holder.append(make("span", "", label), input);
    this.box.append(holder);
    return input;
  }

  fill(request) {
    this.target.value = request.target;
    this.headers.value = request.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
    if (this.body) this.body.value = request.body ?? "";
  }

  request() {
    const headers = this.headers.value.split("\n").filter((line) => line.trim()).map((line) => {
      const at = line.indexOf(":");
      return at < 0 ? [line.trim(), ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    });
    return {
      service: this.operation.service,
      operation: this.operation.operation,
      method: this.operation.method,
      target: this.target.value.trim(),
      headers,
      body: this.body?.value ?? "",
    };
  }

  async run() {
    const request = this.request();
    this.send.disabled = true;
    this.result.replaceChildren(make("p", "honestdocs-waiting", "Sent; waiting for the answer."));
    try {
      const answer = await fetch(`${PORTAL}/try`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(request),
      });
      this.show(await answer.json());
      keep(request);
      this.list();
    } catch {
      this.show({ error: "The portal does not answer." });
    } finally {
      this.send.disabled = false;
    }
  }

  show(answer) {
    if (answer.error) {
      this.result.replaceChildren(make("p", "honestdocs-try-error", `✗ ${answer.error}`));
      return;
    }
    const good = answer.status < 400;
    const head = make("p", "honestdocs-answered");
    head.append(make("strong", good ? "honestdocs-good" : "honestdocs-bad",
      `${answer.status} ${answer.reason}`), ` in ${Math.round(answer.seconds * 1000)} ms`);
    const fields = answer.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
    const parts = [head, shown("Header fields", fields)];
    if (answer.body) parts.push(shown(answer.binary ? "Body, as base64" : "Body", laidOut(answer)));
    parts.push(this.example(answer.example));
    this.result.replaceChildren(...parts);
  }

  example(text) {
    const holder = make("details", "honestdocs-example");
    const copy = button("Copy", () => copied(copy, text));
    holder.append(make("summary", "", "As a documented example"),
      make("p", "", "Paste it below the operation; what it says is proven from then on."),
      code(text, "The example in reStructuredText"), copy);
    return holder;
  }

  link(place) {
    const { service, method, ...request } = this.request();
    const text = JSON.stringify({ ...request, headers: withoutSecrets(request.headers) });
    const bytes = new TextEncoder().encode(text);
    const packed = btoa(String.fromCharCode(...bytes))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
    const url = new URL(location.href);
    url.search = `?try=${packed}`;
    url.hash = this.operation.anchor;
    history.replaceState(null, "", url);
    copied(place, url.href);
  }

  list() {
    const mine = load().filter((each) => each.operation === this.operation.operation);
    const first = make("option", "", mine.length ? "Sent before" : "Nothing sent yet");
    first.value = "";
    this.history.replaceChildren(first, ...mine.map((each, at) => {
      const option = make("option", "", `${new Date(each.at).toLocaleString()} ${each.target}`);
      option.value = at;
      return option;
    }));
  }

  recall() {
    const mine = load().filter((each) => each.operation === this.operation.operation);
    const found = mine[this.history.value];
    if (this.history.value !== "" && found) this.fill(found);
  }
}

function shown(label, text) {
  const holder = make("div", "honestdocs-shown");
  holder.append(make("p", "honestdocs-label", label), code(text, label));
  return holder;
}

function code(text, label) {
  const block = make("pre", "honestdocs-code", text);
  block.tabIndex = 0;
  block.setAttribute("role", "region");
  block.setAttribute("aria-label", label);
  return block;
}

function laidOut(answer) {
  if (answer.binary) return answer.body;
  try {
    return JSON.stringify(JSON.parse(answer.body), null, 2);
  } catch {
    return answer.body;
  }
}

async function copied(place, text) {
  const before = place.dataset.label ?? place.textContent;
  place.dataset.label = before;
  try {
    await navigator.clipboard.writeText(text);
    place.textContent = "Copied";
  } catch {
    place.textContent = "Cannot copy";
  }
  setTimeout(() => { place.textContent = before; }, 1500);
}

function withoutSecrets(headers) {
  return headers.map(([name, value]) => [name, SECRET.test(name) ? "" : value]);
}

function keep(request) {
  const entry = { ...request, headers: withoutSecrets(request.headers), at: Date.now() };
  save([entry, ...load()].slice(0, KEPT));
}

function load() {
  try {
    const found = JSON.parse(localStorage.getItem(HISTORY) ?? "[]");
    return Array.isArray(found) ? found.filter(isRequest) : [];
  } catch {
    return [];
  }
}

function save(entries) {
  try {
    localStorage.setItem(HISTORY, JSON.stringify(entries));
  } catch {
    // A browser that keeps nothing has no history.
  }
}

function isRequest(value) {
  return typeof value?.target === "string" && typeof value.operation === "string"
    && Array.isArray(value.headers) && value.headers.every(Array.isArray);
}

function fromLink() {
  const packed = new URLSearchParams(location.search).get("try");
  if (!packed) return null;
  try {
    const raw = atob(packed.replace(/-/g, "+").replace(/_/g, "/"));
    const bytes = Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
    const found = JSON.parse(new TextDecoder().decode(bytes));
    return isRequest(found) ? found : null;
  } catch {
    return null;
  }
}
