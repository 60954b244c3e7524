/* What the pages offer beyond plain HTML: a switch for light and dark, tables that sort and filter, drawings that zoom.
   Without this file everything is still there to be read. */
(function () {
  "use strict";
  var root = document.documentElement, KEY = "phextpaper-theme";

  function stored() {
    try { return localStorage.getItem(KEY); } catch (problem) { return null; }
  }

  function isDark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  var chosen = stored();
  if (chosen === "dark" || chosen === "light") root.dataset.theme = chosen;

  function themeSwitch() {
    var button = document.getElementById("theme");
    function label() {
      button.textContent = isDark() ? "Light" : "Dark";
      button.setAttribute("aria-label", isDark() ? "Change to light colours" : "Change to dark colours");
    }
    button.hidden = false;
    label();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", label);
    button.addEventListener("click", function () {
      root.dataset.theme = isDark() ? "light" : "dark";
      try { localStorage.setItem(KEY, root.dataset.theme); } catch (problem) { /* it lasts for this page */ }
      label();
    });
  }

  function sortValue(row, column) {
    var text = row.cells[column].textContent.trim(), number = parseFloat(text.replace(/,/g, ""));
    return { text: text, number: /^[-+]?[\d.]/.test(text) ? number : NaN };
  }

  function compare(a, b) {
    if (a.text === "" || b.text === "") return (a.text === "") - (b.text === "");
    var numbers = !isNaN(a.number) && !isNaN(b.number);
    return numbers && a.number !== b.number ? a.number - b.number : a.text.localeCompare(b.text, "en", { numeric: true });
  }

  function sortable(table) {
    var heads = Array.from(table.tHead.rows[0].cells), body = table.tBodies[0];
    heads.forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        var rows = Array.from(body.rows).map(function (row) { return { row: row, value: sortValue(row, column) }; });
        rows.sort(function (a, b) {
          var order = compare(a.value, b.value);
          return down && a.value.text !== "" && b.value.text !== "" ? -order : order;
        });
        body.append(...rows.map(function (item) { return item.row; }));
      });
    });
  }

  function filter(form) {
    var holder = document.getElementById(form.dataset.filter);
    var items = Array.from(holder.querySelectorAll("tbody tr, section.number"));
    var words = form.elements.words, verdict = form.elements.verdict, output = form.querySelector("output");
    function apply() {
      var wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean), shown = 0;
      items.forEach(function (item) {
        var text = item.textContent.toLowerCase();
        var fits = wanted.every(function (word) { return text.includes(word); }) && (!verdict || !verdict.value || item.dataset.verdict === verdict.value);
        item.hidden = !fits;
        shown += fits;
      });
      output.textContent = shown + " of " + items.length;
    }
    form.hidden = false;
    form.addEventListener("input", apply);
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    window.addEventListener("hashchange", function () {
      var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (target && target.hidden) { form.reset(); apply(); target.scrollIntoView(); }
    });
    apply();
  }

  function zoomButtons(set) {
    var scale = 1, bar = document.createElement("div");
    bar.className = "zoombar";
    [["−", "Smaller", 0.8], ["+", "Larger", 1.25], ["1:1", "As at first", 0]].forEach(function (entry) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = entry[0];
      button.setAttribute("aria-label", entry[1]);
      button.addEventListener("click", function () {
        scale = entry[2] ? Math.min(8, Math.max(0.4, scale * entry[2])) : 1;
        set(scale);
      });
      bar.append(button);
    });
    return bar;
  }

  function drawing(figure) {
    var canvas = figure.querySelector(".canvas"), svg = canvas.querySelector("svg");
    figure.prepend(zoomButtons(function (scale) { svg.style.width = scale === 1 ? "" : canvas.clientWidth * scale + "px"; svg.style.maxWidth = "none"; }));
  }

  function enlarge(link) {
    link.addEventListener("click", function (event) {
      if (event.ctrlKey || event.metaKey || event.shiftKey || !window.HTMLDialogElement) return;
      event.preventDefault();
      var image = link.querySelector("img"), dialog = document.createElement("dialog"), canvas = document.createElement("div");
      var large = document.createElement("img"), close = document.createElement("button"), more = document.createElement("a");
      dialog.className = "lightbox";
      dialog.setAttribute("aria-label", "Figure, enlarged");
      canvas.className = "canvas";
      canvas.tabIndex = 0;
      large.src = image.src;
      large.alt = image.alt;
      canvas.append(large);
      close.type = "button";
      close.textContent = "Close";
      more.href = link.href;
      more.textContent = "Its numbers";
      var bar = zoomButtons(function (scale) { large.style.width = scale * 100 + "%"; });
      bar.append(more, close);
      dialog.append(bar, canvas);
      document.body.append(dialog);
      close.addEventListener("click", function () { dialog.close(); });
      dialog.addEventListener("close", function () { dialog.remove(); link.focus(); });
      dialog.showModal();
    });
  }

  function openContents(details) {
    var wide = matchMedia("(min-width: 72rem)");
    function follow() { details.open = wide.matches; }
    follow();
    wide.addEventListener("change", follow);
  }

  document.addEventListener("DOMContentLoaded", function () {
    themeSwitch();
    document.querySelectorAll("table[data-sort]").forEach(sortable);
    document.querySelectorAll("form[data-filter]").forEach(filter);
    document.querySelectorAll("figure[data-zoom]").forEach(drawing);
    document.querySelectorAll("a.zoom").forEach(enlarge);
    document.querySelectorAll("nav.contents > details").forEach(openContents);
  });
})();
