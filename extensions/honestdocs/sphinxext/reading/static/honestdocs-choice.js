/* Settles what is shown before anything is drawn: the theme, and the form of requests. */
(function () {
  function kept(name) {
    try { return localStorage.getItem(name); } catch { return null; }
  }
  document.body.dataset.theme = kept("theme") || "auto";
  const form = kept("honestdocs-form");
  document.documentElement.dataset.hdForm =
    ["http", "curl", "httpie", "python", "javascript"].includes(form) ? form : "http";
})();
