/* The search: what the dialog that honestdocs-portal.js opens has to say, as one types. This file, the
   index and the engine come from this site, and only once they are asked for. */

const base = new URL("../", document.currentScript.src);
const FACETS = ["service", "method", "state"];
const MOST = 12;
let engine = null;
let routes = [];
let counts = {};
let chosen = {};
const dialog = document.querySelector("dialog.hd-search");
let latest = 0;

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

async function load() {
  if (engine) return;
  const found = await import(new URL("pagefind/pagefind.js", base).href);
  await found.options({ excerptLength: 24, ranking: { termFrequency: 0.6, pageLength: 0.4 } });
  await found.init();
  counts = await found.filters();
  const answer = await fetch(new URL("pagefind/routes.json", base));
  routes = answer.ok ? await answer.json() : [];
  engine = found;
}

/* Routes: what looks like a method and a path is compared with what is documented. */

function bare(path) {
  return path.toLowerCase().replace(/\?.*$/, "").replace(/\(([^:)]*:)?([^)]*)\)/g, "{$2}");
}

function distance(one, other) {
  let row = [...Array(other.length + 1).keys()];
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + same);
    }
    row = next;
  }
  return row[other.length];
}

/* How far a text is from a template; parameters take any segment, slips are counted apart. */
function apart(wanted, path) {
  const have = bare(path).split("/").filter(Boolean);
  const want = bare(wanted).split("/").filter(Boolean);
  let best = { far: 99, slips: 99 };
  for (let start = 0; start + want.length <= have.length; start += 1) {
    let far = (have.length - want.length) * 0.2;
    let slips = 0;
    want.forEach((segment, at) => {
      const other = have[start + at];
      if (other.startsWith("{")) far += segment === other ? 0 : 0.6;
      else if (at === want.length - 1 && other.startsWith(segment)) far += 0.1;
      else slips += distance(segment, other);
    });
    if (far + slips < best.far) best = { far: far + slips, slips };
  }
  return best;
}

const METHODS = /^(get|head|post|put|patch|delete|options)\b\s*/i;

function matching(query) {
  const method = (query.match(METHODS) || ["", ""])[1].toUpperCase();
  const rest = query.replace(METHODS, "").trim();
  const words = rest.split(/[\s/]+/).filter(Boolean);
  if (!method && !rest.includes("/")) return { found: [], near: [] };
  const pool = routes.filter((route) =>
    (!method || route.method === method) &&
    (!chosen.service || route.service === chosen.service) &&
    (!chosen.method || route.method === chosen.method) &&
    (!chosen.state || route.state === chosen.state));
  if (!words.length) return { found: pool.slice(0, MOST), near: [] };
  const rated = pool
    .map((route) => ({ ...apart(words.join("/"), route.path), route }))
    .sort((one, other) => one.far - other.far);
  const said = (route) => words.some((word) => bare(route.path).includes(word.toLowerCase()));
  const found = rated.filter(({ far, slips, route }) => !slips && far < 1.9 && said(route));
  if (found.length) return { found: found.map((one) => one.route).slice(0, MOST), near: [] };
  const limit = Math.max(2, words.join("").length / 4);
  const near = rated.filter(({ far, slips }) => slips <= limit && far <= limit + 1.5);
  return { found: [], near: near.slice(0, 3).map((one) => one.route) };
}

/* What is shown */

function chip(method) {
  return make("span", { class: `hd-method hd-${method.toLowerCase()}` }, method);
}

function entry(url, parts) {
  const link = make("a", { href: new URL(url, base).href, role: "option", tabindex: "-1" }, ...parts);
  link.id = `hd-hit-${latest}-${dialog.querySelectorAll(".hd-hits a").length}`;
  link.addEventListener("click", () => dialog.close());
  return link;
}

function ofRoute(route) {
  const head = make("span", { class: "hd-hit-title" }, chip(route.method), " ", make("code", {}, route.path));
  return [route.url, [head, make("span", { class: "hd-hit-page" }, `${route.service} · ${route.state}`)]];
}

/* Pagefind marks what it found in an excerpt that it has escaped; only these marks are made anew. */
function excerpt(html) {
  const box = make("span", { class: "hd-hit-text" });
  const parsed = new DOMParser().parseFromString(html, "text/html").body;
  for (const node of parsed.childNodes) {
    box.append(node.nodeName === "MARK" ? make("mark", {}, node.textContent) : node.textContent);
  }
  return box;
}

function ofHit(data) {
  const meta = data.meta;
  const head = make("span", { class: "hd-hit-title" });
  if (meta.method) head.append(chip(meta.method), " ", make("code", {}, meta.title.slice(meta.method.length + 1)));
  else head.append(meta.title);
  const said = [meta.page, meta.state].filter(Boolean).join(" · ");
  return [meta.where, [head, make("span", { class: "hd-hit-page" }, said), excerpt(data.excerpt)]];
}

function show(groups, said) {
  const hits = dialog.querySelector(".hd-hits");
  hits.replaceChildren();
  for (const [title, entries] of groups) {
    if (!entries.length) continue;
    const group = make("div", { role: "group", "aria-label": title });
    group.append(make("p", { class: "hd-hits-title", "aria-hidden": "true" }, title));
    hits.append(group);
    for (const [url, parts] of entries) group.append(entry(url, parts));
  }
  dialog.querySelector(".hd-said").textContent = said;
  point(0);
}

function point(at) {
  const links = [...dialog.querySelectorAll(".hd-hits a")];
  links.forEach((link, number) => link.setAttribute("aria-selected", String(number === at)));
  const input = dialog.querySelector("input");
  if (links[at]) {
    input.setAttribute("aria-activedescendant", links[at].id);
    links[at].scrollIntoView({ block: "nearest" });
  } else input.removeAttribute("aria-activedescendant");
}

async function look() {
  const query = dialog.querySelector("input").value.trim();
  const mine = ++latest;
  try { await load(); } catch {
    show([], "The search index could not be loaded.");
    return;
  }
  if (mine !== latest) return;
  paintFacets();
  const filters = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value));
  if (!query && !Object.keys(filters).length) {
    show([], "Type a status, a header, a field, a path, or words.");
    return;
  }
  const { found, near } = matching(query);
  const result = await engine.search(query || null, { filters });
  const data = await Promise.all(result.results.slice(0, MOST).map((one) => one.data()));
  if (mine !== latest) return;
  const listed = new Set(found.map((route) => route.url));
  const rest = data.filter((one) => !listed.has(one.meta.where));
  const of = (kind) => rest.filter((one) => Boolean(one.meta.method) === kind).map(ofHit);
  const total = new Set([...listed, ...data.map((one) => one.meta.where)]).size;
  const more = result.results.length > MOST ? ` of ${result.results.length}` : "";
  show(
    [["Did you mean", near.map(ofRoute)], ["Operations", [...found.map(ofRoute), ...of(true)]],
      ["Sections", of(false)]],
    total ? `${total}${more} found` : near.length ? "Nothing is called so." : `Nothing found for “${query}”.`,
  );
}

/* Facets */

function paintFacets() {
  const box = dialog.querySelector(".hd-facets");
  if (box.childElementCount) return;
  for (const name of FACETS) {
    const values = Object.keys(counts[name] || {});
    if (!values.length) continue;
    const select = make("select", { name: `hd-${name}`, "aria-label": `Only this ${name}` });
    select.append(make("option", { value: "" }, `Any ${name}`));
    for (const value of values.sort()) {
      select.append(make("option", { value }, `${value} (${counts[name][value]})`));
    }
    select.addEventListener("change", () => { chosen[name] = select.value; look(); });
    box.append(select);
  }
}

/* The keyboard */

function onKey(event) {
  const links = [...dialog.querySelectorAll(".hd-hits a")];
  const at = links.findIndex((link) => link.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    point((at + step + links.length) % (links.length || 1));
  } else if (event.key === "Enter" && links[at]) {
    event.preventDefault();
    links[at].click();
  }
}

if (dialog) {
  const input = dialog.querySelector("input");
  let timer = 0;
  input.addEventListener("keydown", onKey);
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 60); });
  dialog.addEventListener("hd-ask", look);
  look();
}

/* The page for what is not there: which pages have a similar address. */

async function suggest(box) {
  const answer = await fetch(new URL("pagefind/pages.json", base));
  if (!answer.ok) return;
  const plain = (path) => path.replace(/(\/?index)?\.html$|\/$/, "").toLowerCase();
  const wanted = plain(location.pathname);
  const name = wanted.split("/").pop();
  const near = (await answer.json())
    .map((page) => {
      const path = plain(page.url);
      const last = path.split("/").pop();
      const far = Math.min(distance(name, last), last && (last.includes(name) || name.includes(last)) ? 2 : 99);
      return [far + (wanted.endsWith(`/${path}`) ? 0 : 0.5), page];
    })
    .filter(([far]) => far <= Math.max(2.5, name.length / 3))
    .sort((a, b) => a[0] - b[0])
    .slice(0, 4);
  if (!near.length) return;
  const list = make("ul");
  for (const [, page] of near) {
    list.append(make("li", {}, make("a", { href: new URL(page.url, base).href }, page.title)));
  }
  box.append(make("p", {}, "Did you mean:"), list);
}

const missing = document.querySelector(".hd-suggestions");
if (missing) suggest(missing);
