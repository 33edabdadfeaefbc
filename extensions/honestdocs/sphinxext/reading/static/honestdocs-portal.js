/* Tabs, copy buttons, fields and their lines. Everything is readable without it. */

const root = document.documentElement;

function keep(name, value) {
  try { localStorage.setItem(name, value); } catch { /* Nothing is remembered then. */ }
}

/* Tabs: one choice for all requests, and for the next page. */

function choose(form, at) {
  const before = at ? at.getBoundingClientRect().top : 0;
  root.dataset.hdForm = form;
  for (const radio of document.querySelectorAll(`.hd-tabs input[value="${form}"]`)) {
    radio.checked = true;
  }
  if (at) window.scrollBy({ top: at.getBoundingClientRect().top - before, behavior: "instant" });
}

function startTabs() {
  choose(root.dataset.hdForm || "http");
  document.addEventListener("change", (event) => {
    if (!event.target.matches(".hd-tabs input")) return;
    choose(event.target.value, event.target.closest(".hd-tabs"));
    keep("honestdocs-form", event.target.value);
  });
}

/* Copying: commands without their prompt, everything else as it stands. */

function copied(pre) {
  const text = pre.textContent.replace(/\n+$/, "");
  const lines = text.split("\n");
  if (!lines.some((line) => line.startsWith("$ "))) return text;
  const kept = [];
  let open = false;
  for (const line of lines) {
    if (line.startsWith("$ ")) kept.push(line.slice(2));
    else if (open) kept.push(line);
    open = (line.startsWith("$ ") || open) && line.endsWith("\\");
  }
  return kept.join("\n");
}

async function write(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

function addCopy(box, pre) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "hd-copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await write(copied(pre));
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1600);
  });
  box.append(button);
}

/* Everything is measured before anything is changed: a long page is laid out once. */

function startCopying() {
  const boxes = [...document.querySelectorAll("div.highlight")]
    .map((box) => [box, box.querySelector("pre")])
    .filter(([, pre]) => pre);
  for (const [box, pre] of boxes) addCopy(box, pre);
}

/* What is wider than its place can be scrolled with the keyboard, too. */

function startScrolling() {
  const wide = [...document.querySelectorAll("article pre, article .table-wrapper, .honestdocs-table")]
    .filter((box) => box.scrollWidth > box.clientWidth);
  for (const box of wide) box.tabIndex = 0;
}

/* Fields and the lines of messages that show them. */

const lit = typeof Highlight === "function" && CSS.highlights ? new Highlight() : null;
if (lit) CSS.highlights.set("hd-line", lit);

function plain(name) {
  return name.trim().replace(/^"|"$/g, "").replace(/\[\]/g, "").split(".").pop().toLowerCase();
}

function lineOf(token) {
  const pre = token.closest("pre");
  const range = document.createRange();
  range.selectNodeContents(token);
  const before = document.createRange();
  before.setStart(pre, 0);
  before.setEnd(token, 0);
  const walker = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT);
  walker.currentNode = token;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const end = node.data.indexOf("\n");
    if (end >= 0) { range.setEnd(node, end); return range; }
    range.setEndAfter(node);
  }
  return range;
}

function light(tokens, item) {
  for (const token of tokens) {
    token.classList.add("hd-lit");
    if (lit) lit.add(lineOf(token));
  }
  item.classList.add("hd-lit-field");
}

function dim() {
  if (lit) lit.clear();
  for (const one of document.querySelectorAll(".hd-lit")) one.classList.remove("hd-lit");
  for (const one of document.querySelectorAll(".hd-lit-field")) {
    one.classList.remove("hd-lit-field");
  }
}

function joinFields(columns) {
  const tokens = new Map();
  for (const token of columns.querySelectorAll(".hd-exchanges .nt, .hd-exchanges .na")) {
    const name = plain(token.textContent);
    tokens.set(name, [...(tokens.get(name) || []), token]);
  }
  const items = new Map();
  for (const item of columns.querySelectorAll(".hd-prose .field-list li")) {
    const named = item.querySelector("strong, span > em, span > a, p > em");
    const name = named ? plain(named.textContent) : "";
    if (!tokens.has(name)) continue;
    items.set(name, item);
    item.tabIndex = 0;
    item.classList.add("hd-shown");
    for (const [on, off] of [["pointerenter", "pointerleave"], ["focus", "blur"]]) {
      item.addEventListener(on, () => light(tokens.get(name), item));
      item.addEventListener(off, dim);
    }
  }
  columns.addEventListener("pointerover", (event) => {
    const token = event.target.closest(".hd-exchanges .nt, .hd-exchanges .na");
    if (!token) return;
    const item = items.get(plain(token.textContent));
    if (!item) return;
    light([token], item);
    token.addEventListener("pointerleave", dim, { once: true });
  });
}

/* The shorter of two columns stays in sight while the other one passes. */

function stay() {
  const pairs = [...document.querySelectorAll(".hd-columns")].map((columns) =>
    [...columns.children].map((part) => [part, part.offsetHeight]));
  for (const [[left, tall], [right, height]] of pairs) {
    left.classList.toggle("hd-stay", tall < height && tall < innerHeight - 64);
    right.classList.toggle("hd-stay", height < tall && height < innerHeight - 64);
  }
}

/* The entry of the outline where the reader is. */

function follow() {
  const entries = new Map();
  for (const link of document.querySelectorAll(".hd-outline a")) {
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (target) entries.set(target, link);
  }
  if (!entries.size) return;
  let now = null;
  const look = () => {
    let found = null;
    for (const [target, link] of entries) {
      if (target.getBoundingClientRect().top < 140) found = link;
    }
    if (found === now) return;
    if (now) now.removeAttribute("aria-current");
    now = found;
    if (!now) return;
    now.setAttribute("aria-current", "location");
    const box = now.closest(".sidebar-scroll");
    if (!box) return;
    const [inner, outer] = [now.getBoundingClientRect(), box.getBoundingClientRect()];
    if (inner.top < outer.top || inner.bottom > outer.bottom) {
      box.scrollBy({ top: inner.top - outer.top - outer.height / 3 });
    }
  };
  let due = false;
  addEventListener("scroll", () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => { due = false; look(); });
  }, { passive: true });
  look();
}

/* The search: a dialog that is there at once; what answers in it is loaded when it first opens. */

const here = document.currentScript.src;

function loadSearch() {
  if (document.querySelector("script[data-hd-search]")) return;
  const script = document.createElement("script");
  script.src = new URL("honestdocs-search.js", here);
  script.dataset.hdSearch = "";
  document.head.append(script);
}

function makeSearch() {
  const dialog = document.createElement("dialog");
  dialog.className = "hd-search";
  dialog.setAttribute("aria-label", "Search");
  dialog.innerHTML = `<div class="hd-search-head">
    <input type="text" inputmode="search" name="hd-search" role="combobox" aria-label="Search"
      aria-controls="hd-hits" aria-expanded="true" aria-autocomplete="list" autocomplete="off"
      spellcheck="false" placeholder="412, X-Weave-Timestamp, PUT storage …">
    <button type="button" class="hd-close" aria-label="Close the search">Esc</button></div>
    <div class="hd-facets"></div>
    <div class="hd-hits" id="hd-hits" role="listbox" aria-label="Results"></div>
    <p class="hd-said" role="status"></p>`;
  dialog.querySelector(".hd-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  return dialog;
}

function openSearch(query = "") {
  const dialog = document.querySelector("dialog.hd-search") || makeSearch();
  const input = dialog.querySelector("input");
  if (!dialog.open) dialog.showModal();
  if (query) input.value = query;
  input.focus();
  if (!query) input.select();
  loadSearch();
  dialog.dispatchEvent(new Event("hd-ask"));
}

function startSearch() {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=radio]), textarea, select, [contenteditable]");
    const keys = event.key === "k" && (event.ctrlKey || event.metaKey);
    if (event.altKey || !(keys || (event.key === "/" && !typing))) return;
    event.preventDefault();
    openSearch();
  });
  const side = document.querySelector(".sidebar-search");
  if (side) {
    side.placeholder = "Search (Ctrl+K)";
    side.addEventListener("pointerdown", (event) => { event.preventDefault(); openSearch(); });
    side.form.addEventListener("submit", (event) => { event.preventDefault(); openSearch(side.value); });
    side.addEventListener("input", () => { const text = side.value; side.value = ""; openSearch(text); });
  }
  const asked = new URLSearchParams(location.search).get("q");
  if (asked && /\/search(\.html|\/)?$/.test(location.pathname)) openSearch(asked);
  if (document.querySelector(".hd-suggestions")) loadSearch();
}

/* What Furo leaves without a name. */

function nameParts() {
  for (const [part, name] of [[".sidebar-drawer", "Site"], [".toc-drawer", "Contents of this page"]]) {
    const found = document.querySelector(part);
    if (found) found.setAttribute("aria-label", name);
  }
  const article = document.querySelector("article");
  if (article && !document.querySelector("h1")) {
    const title = document.createElement("h1");
    title.textContent = document.title.split(" - ")[0];
    article.prepend(title);
  }
}

nameParts();
startSearch();
startTabs();
startScrolling();
startCopying();
document.querySelectorAll(".hd-columns").forEach(joinFields);
stay();
addEventListener("resize", stay);
follow();
