"use strict";
(() => {
  const table = document.getElementById("verdicts");
  const form = document.getElementById("filter");

  // What is printed is printed whole.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = Array.from(document.querySelectorAll("details:not([open])"));
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
    opened = [];
  });

  // An anchor within what is closed opens it.
  const lead = (id) => {
    const target = document.getElementById(id);
    if (!target) return false;
    if (target.hidden) show(new URLSearchParams());
    const details = target.matches("details") ? target : target.querySelector("td details");
    if (details) details.open = true;
    target.scrollIntoView({ block: "start" });
    return true;
  };

  if (!table || !form) {
    const follow = () => lead(location.hash.slice(1));
    addEventListener("hashchange", follow);
    follow();
    return;
  }

  const rows = Array.from(table.tBodies[0].rows);
  const count = document.getElementById("count");
  const nothing = document.getElementById("nothing");
  const subject = document.getElementById("subject");
  const query = form.elements.q;
  const choices = Array.from(form.querySelectorAll("select"));
  let chosen = "";
  let texts;

  // What a row can be found by: all of it but its details.
  const textOf = (row) => {
    const cells = Array.from(row.cells, (cell) => cell.querySelector("summary") || cell);
    return cells.map((cell) => cell.textContent).join(" ").toLowerCase();
  };

  const apply = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length && !texts) texts = rows.map(textOf);
    const wanted = choices.filter((choice) => choice.value);
    let shown = 0;
    rows.forEach((row, at) => {
      const matches =
        wanted.every((choice) => row.dataset[choice.name] === choice.value) &&
        (!chosen || row.dataset.subject === chosen) &&
        words.every((word) => texts[at].includes(word));
      if (row.hidden === matches) row.hidden = !matches;
      if (matches) shown += 1;
    });
    count.textContent = shown === rows.length ? `${shown} verdicts` : `${shown} of ${rows.length} verdicts`;
    nothing.hidden = shown > 0;
    subject.hidden = !chosen;
    if (chosen) {
      const row = rows.find((row) => row.dataset.subject === chosen);
      const codes = row ? row.querySelectorAll(".of code") : [];
      const names = row && row.querySelector(".of").textContent.includes(" container ") ? 2 : 1;
      subject.textContent = `Only ${Array.from(codes).slice(0, names).map((code) => code.textContent).join(" ")} ✕`;
    }
  };

  const show = (filter) => {
    query.value = filter.get("q") || "";
    for (const choice of choices) {
      choice.value = filter.get(choice.name) || "";
      if (choice.selectedIndex < 0) choice.value = "";
    }
    chosen = filter.get("subject") || "";
    apply();
  };

  const keep = () => {
    const filter = new URLSearchParams();
    if (query.value) filter.set("q", query.value);
    for (const choice of choices) if (choice.value) filter.set(choice.name, choice.value);
    if (chosen) filter.set("subject", chosen);
    const hash = filter.toString();
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  };

  const follow = () => {
    const hash = location.hash.slice(1);
    if (hash.includes("=")) show(new URLSearchParams(hash));
    else if (hash) lead(hash);
  };

  form.addEventListener("input", () => { apply(); keep(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => { chosen = ""; setTimeout(() => { apply(); keep(); }); });
  subject.addEventListener("click", () => { chosen = ""; apply(); keep(); query.focus(); });

  // From the summary and the picture to the verdicts.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-filter], a[data-subject]");
    if (!link) return;
    event.preventDefault();
    show(new URLSearchParams(link.dataset.filter || { subject: link.dataset.subject }));
    keep();
    const first = rows.find((row) => !row.hidden);
    if (link.dataset.subject && first) first.querySelector("details").open = true;
    document.getElementById("list").scrollIntoView();
    if (first) first.querySelector("summary").focus({ preventScroll: true });
  });

  addEventListener("hashchange", follow);
  form.hidden = false;
  apply();
  follow();
})();
