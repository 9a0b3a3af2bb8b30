/* The search box: a combobox over the index that kwmagic/html/search.py describes, of which only the files that a
   question needs are loaded. All words must match; the last one, still being typed, as a beginning. */
"use strict";

(() => {
  const { load, sites, element } = kwmagic;
  const box = document.getElementById("kw-search");
  const popup = document.getElementById("kw-results");
  const SHOWN = 30;
  const TEXT = 3; // the last of the ways to match: name, part of a name, heading, text
  const BEFORE = 40; // characters of a text that a result shows before the word that was looked for
  const NAMED = new Set(["page", "section"]);

  // Questions

  /** Words like `_words` of search.py cuts them: the whole, then its parts where there are several. */
  function cut(identifier) {
    const parts = identifier.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^A-Za-z0-9_]+/g) || [];
    const lower = parts.map((part) => part.toLowerCase());
    return lower.length < 2 ? lower : [lower.join(""), ...lower];
  }

  const asked = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").match(/_*[\p{L}\p{N}][\p{L}\p{N}_]*/gu) || [];

  /** Calls `take(term, ways)` for every term of the index that is `term`, or begins with it. */
  async function terms(site, term, isBeginning, take) {
    const { shards } = await load(`${site}kwmagic-site/search/index.js`);
    const home = shards.filter((prefix) => term.startsWith(prefix)).pop();
    const needed = shards.filter((prefix) => prefix === home || (isBeginning && prefix.startsWith(term)));
    const letters = (prefix) => prefix.replace(/[^\0-\x7f]/gu, (char) => `-${char.codePointAt(0).toString(16)}`);
    const files = needed.map((prefix) => load(`${site}kwmagic-site/search/t-${letters(prefix)}.js`));
    for (const shard of await Promise.all(files)) {
      for (const [each, ways] of Object.entries(shard)) {
        if (each === term || (isBeginning && each.startsWith(term))) take(each, ways);
      }
    }
  }

  /** Document -> how well it matches (0 is best); `everywhere` where the word is too common to tell anything. */
  async function lookup(site, term, isBeginning) {
    const found = new Map();
    found.everywhere = false;
    await terms(site, term, isBeginning, (each, ways) => {
      ways.forEach((numbers, way) => {
        if (numbers === 0) {
          found.everywhere = true;
          return;
        }
        const rank = 2 * way + (each === term ? 0 : 1);
        let number = 0;
        for (const difference of numbers) {
          number += difference;
          if (!(found.get(number) <= rank)) found.set(number, rank);
        }
      });
    });
    return found;
  }

  const isNothing = (found) => !found.size && !found.everywhere;

  /** What a word finds: as it stands, else as a beginning, else by its parts. */
  async function word(site, identifier, isLast) {
    const [whole, ...parts] = cut(identifier);
    let found = await lookup(site, whole, isLast && whole.length > 1);
    if (isNothing(found) && !isLast && whole.length > 1) found = await lookup(site, whole, true);
    if (!isNothing(found) || !parts.length) return found;
    return meet(await Promise.all(parts.map((part) => word(site, part, isLast))));
  }

  /** The documents that match all, with the sum of how they do. */
  function meet(all) {
    const telling = all.filter((found) => !found.everywhere).sort((one, other) => one.size - other.size);
    const met = new Map();
    met.everywhere = !telling.length;
    for (const number of (telling[0] || all[0] || met).keys()) {
      const ranks = all.map((found) => found.get(number) ?? (found.everywhere ? 2 * TEXT : NaN));
      const sum = ranks.reduce((one, other) => one + other, 0);
      if (!Number.isNaN(sum)) met.set(number, sum);
    }
    return met;
  }

  /** How many documents of a site match, and the best of them. */
  async function ask(site, words) {
    const { documents, block } = await load(`${site}kwmagic-site/search/index.js`);
    const met = meet(await Promise.all(words.map((each, place) => word(site, each, place === words.length - 1))));
    const keys = Float64Array.from(met, ([number, rank]) => rank * documents + number).sort().slice(0, SHOWN);
    const best = await Promise.all([...keys].map(async (key) => {
      const number = key % documents;
      const documentsOfBlock = await load(`${site}kwmagic-site/search/d-${Math.floor(number / block)}.js`);
      return { site, rank: Math.floor(key / documents), document: documentsOfBlock[number % block] };
    }));
    return { total: met.size, best };
  }

  /** Of what matches alike, first what is called just as it was asked for, then what ends so. */
  function literal({ document: [title] }, words) {
    return title === words.join(".") ? 2 : Number(title.split(/[./]/).pop() === words[words.length - 1]);
  }

  async function askAll(words) {
    const answers = await Promise.allSettled(sites.map((site) => ask(site, words)));
    const known = answers.flatMap(({ value }) => value || []);
    const order = (one, other) => one.rank - other.rank || literal(other, words) - literal(one, words);
    const best = known.flatMap((answer) => answer.best).sort(order).slice(0, SHOWN);
    return { total: known.reduce((sum, answer) => sum + answer.total, 0), best, isKnown: known.length > 0 };
  }

  // Answers

  const status = element("p", { className: "kw-search-status" });
  const list = element("div", { id: "kw-results-list" });
  status.setAttribute("role", "status");
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Search results");
  popup.append(status, list);
  let latest = 0;
  let active = -1;

  /** What of the words is marked where it stands, longest first. */
  function pieces(words) {
    return [...new Set(words.flatMap((each) => [each, ...cut(each)]))].sort((a, b) => b.length - a.length);
  }

  /** A text from shortly before the word that was looked for. */
  function passage(text, words) {
    const lower = text.toLowerCase();
    const at = pieces(words).map((piece) => lower.indexOf(piece.toLowerCase())).find((place) => place >= 0) ?? 0;
    const start = at > 2 * BEFORE ? text.indexOf(" ", at - BEFORE) + 1 : 0;
    return start && start <= at ? `… ${text.slice(start)}` : text;
  }

  function marked(text, words) {
    const parts = text.split(new RegExp(`(${pieces(words).join("|")})`, "giu")); // words are letters, digits and `_` only
    return parts.map((part, number) => (number % 2 ? element("mark", {}, part) : part));
  }

  function option({ site, document: [title, kind, where, url, text] }, number, words) {
    const name = element(NAMED.has(kind) ? "span" : "code", { className: "kw-result-title" }, ...marked(title, words));
    const kindAndPlace = element("span", { className: "kw-result-place" }, [kind, where].filter(Boolean).join(" · "));
    const made = element("a", { id: `kw-result-${number}`, href: site + url, className: "kw-result", tabIndex: -1 });
    made.append(name, " ", kindAndPlace);
    if (text) made.append(" ", element("span", { className: "kw-result-text" }, ...marked(passage(text, words), words)));
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    made.addEventListener("click", () => close());
    return made;
  }

  function counted({ total, best, isKnown }) {
    if (!isKnown) return "This site has no search index.";
    if (!total) return "No matches.";
    return total > best.length ? `${total} matches, the first ${best.length} shown` : `${total} match${total > 1 ? "es" : ""}`;
  }

  const isOpen = () => popup.classList.contains("kw-open");

  async function show() {
    const words = asked(box.value);
    const question = ++latest;
    if (!words.length) {
      close();
      return;
    }
    if (!isOpen()) list.replaceChildren();
    popup.classList.add("kw-open"); // before the status changes: what was hidden a moment ago is not read out
    const answer = await askAll(words);
    if (question !== latest) return; // more has been typed since
    list.replaceChildren(...answer.best.map((found, number) => option(found, number, words)));
    status.textContent = counted(answer);
    list.hidden = !answer.best.length;
    box.setAttribute("aria-expanded", answer.best.length > 0);
    choose(-1);
  }

  function close() {
    latest++;
    popup.classList.remove("kw-open");
    status.textContent = "";
    box.setAttribute("aria-expanded", "false");
    choose(-1);
  }

  /** Makes an option the one that Enter follows; -1: none. */
  function choose(number) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = number;
    const chosen = list.children[active];
    if (!chosen) {
      box.removeAttribute("aria-activedescendant");
      return;
    }
    chosen.setAttribute("aria-selected", "true");
    chosen.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", chosen.id);
  }

  async function press(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && isOpen()) {
      const count = list.children.length;
      event.preventDefault();
      if (count) choose((Math.max(active, event.key === "ArrowUp" ? 0 : -1) + steps[event.key] + count) % count);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (active < 0) await show(); // of all that has been typed
      list.children[Math.max(active, 0)]?.click();
    } else if (event.key === "Tab") {
      close();
    } else if (event.key === "Escape") {
      if (isOpen()) close();
      else box.value = "";
    }
  }

  function isTyping(element) {
    return element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
  }

  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");
  box.setAttribute("aria-keyshortcuts", "/ Control+K");
  box.placeholder = "Search ( / )";
  box.addEventListener("input", show);
  box.addEventListener("focus", () => { if (box.value) show(); });
  box.addEventListener("keydown", press);
  document.addEventListener("click", (event) => { if (!event.target.closest("#kw-search, #kw-results")) close(); });
  document.addEventListener("keydown", (event) => {
    const isAsked = event.key === "/" ? !isTyping(event.target) : event.key === "k" && (event.ctrlKey || event.metaKey);
    if (!isAsked) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
})();
