// Offers the versions of the documentation, where the host that serves it has any.
const script = document.currentScript;
const root = document.documentElement.dataset.content_root ?? "";
const top_ = new URL(root + (script?.dataset.up ?? ""), document.baseURI);

fetch(new URL("versions.json", top_))
  .then((answer) => (answer.ok ? answer.json() : { versions: [] }))
  .then(({ versions }) => {
    if (!versions.length) return;
    const own = new URL(root || ".", document.baseURI).href;
    const label = document.createElement("label");
    const select = document.createElement("select");
    label.className = "honestdocs-versions";
    label.append("Version ", select);
    for (const { name, url } of [{ name: "current", url: "" }, ...versions]) {
      const option = new Option(name, new URL(url, top_).href);
      option.selected = option.value === own;
      select.append(option);
    }
    select.addEventListener("change", () => location.assign(select.value));
    (document.querySelector("[role=main]") ?? document.body).prepend(label);
  })
  .catch(() => undefined);
