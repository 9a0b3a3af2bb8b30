/* What a page does beside being read: the menu, the theme, folds, copying, the place in its contents.
   No page needs this script to be read; nothing here asks another host, so all works from disk as well. */
"use strict";

/** Called by the data files (menu.js, search/*.js): pages opened from disk may run files, but not read them. */
function kwmagic(data) {
  document.currentScript.data = data;
}

(() => {
  const page = document.documentElement;
  const loading = new Map();

  /** The data of a file, asked for once; the promise is rejected where the file is missing. */
  kwmagic.load = (url) => {
    if (!loading.has(url)) {
      loading.set(url, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.addEventListener("load", () => resolve(script.data));
        script.addEventListener("error", () => reject(new Error(`not found: ${url}`)));
        script.src = url;
        document.head.append(script);
      }));
    }
    return loading.get(url);
  };

  /** URLs of the tops of this site and of those beside it, each with a slash at its end. */
  kwmagic.sites = ["./", ...(page.dataset.beside || "").split(" ").filter(Boolean)].map(
    (site) => new URL(site.replace(/\/?$/, "/"), new URL(page.dataset.root || "./", location.href)).href,
  );

  /** An element with properties and children; text is only ever text. */
  kwmagic.element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const { load, sites, element } = kwmagic;
  const menu = document.getElementById("kw-menu");
  const menuButton = document.getElementById("kw-menu-button");
  const themeButton = document.getElementById("kw-theme");

  /** Scrolls a box, and not the page around it, so that a part of it can be seen. */
  function showIn(box, part) {
    const [outer, inner] = [box.getBoundingClientRect(), part.getBoundingClientRect()];
    const isSeen = outer.top <= inner.top && inner.bottom <= outer.bottom;
    if (!isSeen) box.scrollTop += inner.top - outer.top - outer.height / 3;
  }

  // The menu: a tree of which only what is unfolded is in the page.

  const place = (url) => url.replace(/[?#].*$/, "").replace(/index\.html$/, "");
  const here = place(location.href);

  /** The nodes that lead to a place, outermost first; null where none does. */
  function way(site, nodes, there) {
    for (const node of nodes) {
      if (node[1] && place(site + node[1]) === there) return [node];
      const inner = way(site, node[2] || [], there);
      if (inner) return [node, ...inner];
    }
    return null;
  }

  /** The nodes that lead to this page; to the nearest one of its breadcrumbs where the menu lacks the page itself. */
  function wayHere(site, nodes) {
    const above = [...document.querySelectorAll(".kw-trail a")].reverse().map((link) => place(link.href));
    for (const there of [here, ...above]) {
      const found = way(site, nodes, there);
      if (found) return found;
    }
    return [];
  }

  /** A name that is too long for its line breaks where one of its words begins. */
  function breakable(name) {
    const words = name.split(/(?<=[a-z0-9])(?=[A-Z.])|(?<=_)(?=[^_])/);
    return words.flatMap((word, number) => (number ? [element("wbr", {}), word] : [word]));
  }

  function tree(site, nodes, open) {
    return element("ul", {}, ...nodes.map((node) => branch(site, node, open)));
  }

  function branch(site, node, open) {
    const [title, url, children] = node;
    const name = url ? element("a", { href: site + url }) : element("span", {});
    name.append(...breakable(title));
    if (node === open[open.length - 1]) name.setAttribute("aria-current", place(name.href) === here ? "page" : "true");
    if (!children) return element("li", {}, name);
    const button = element("button", { type: "button", className: "kw-fold" });
    const item = element("li", {}, button, name);
    const turn = (unfolded) => {
      button.setAttribute("aria-expanded", unfolded);
      if (unfolded && !item.querySelector("ul")) item.append(tree(site, children, open));
      if (item.querySelector("ul")) item.querySelector("ul").hidden = !unfolded;
    };
    button.setAttribute("aria-label", `Pages in ${title}`);
    button.addEventListener("click", () => turn(button.getAttribute("aria-expanded") !== "true"));
    if (!url) name.addEventListener("click", () => button.click());
    turn(open.includes(node));
    return item;
  }

  async function showMenu() {
    const found = await Promise.allSettled(sites.map((site) => load(`${site}kwmagic-site/menu.js`)));
    const parts = found.flatMap(({ value }, number) => {
      if (!value) return [];
      const shown = tree(sites[number], value.nodes, wayHere(sites[number], value.nodes));
      return sites.length > 1 ? [element("p", { className: "kw-menu-site" }, value.site), shown] : [shown];
    });
    if (!parts.length) return; // the link that the page came with stays
    menu.replaceChildren(...parts);
    const current = menu.querySelector("[aria-current]");
    if (current) showIn(menu, current);
  }

  // On a narrow screen the menu is a drawer, which closes when the keyboard or a click leaves it.

  function turnMenu(isOpen) {
    page.classList.toggle("kw-menu-open", isOpen);
    menuButton.setAttribute("aria-expanded", isOpen);
  }

  function drawer() {
    const isOpen = () => page.classList.contains("kw-menu-open");
    const isOutside = (node) => !menu.contains(node) && !menuButton.contains(node);
    menuButton.addEventListener("click", () => {
      turnMenu(!isOpen());
      if (isOpen()) (menu.querySelector("[aria-current]") || menu.querySelector("a, button"))?.focus();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !isOpen()) return;
      turnMenu(false);
      menuButton.focus();
    });
    for (const type of ["focusin", "click"]) {
      document.addEventListener(type, (event) => {
        if (isOpen() && isOutside(event.target)) turnMenu(false);
      });
    }
  }

  // The theme: as the system has it, light, or dark; theme.js in the page's head has set it before anything showed.

  const THEMES = ["auto", "light", "dark"];

  function setTheme(theme) {
    if (theme === "auto") delete page.dataset.theme;
    else page.dataset.theme = theme;
    themeButton.setAttribute("aria-label", `Theme: ${theme}`);
    themeButton.title = `Theme: ${theme}`;
  }

  function themes() {
    setTheme(page.dataset.theme || "auto");
    themeButton.addEventListener("click", () => {
      const theme = THEMES[(THEMES.indexOf(page.dataset.theme || "auto") + 1) % THEMES.length];
      setTheme(theme);
      try {
        localStorage.setItem("kwmagic-theme", theme);
      } catch {
        // storage may be forbidden: then the choice holds for this page
      }
    });
  }

  // Folds: a link into a folded part opens it, and paper shows all.

  function reveal() {
    let target = null;
    try {
      target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      // not percent-encoded text: no id either
    }
    if (!target) return;
    const closed = [];
    for (let part = target; part; part = part.parentElement) if (part.matches("details:not([open])")) closed.push(part);
    for (const part of closed) part.open = true;
    if (closed.length) target.scrollIntoView();
  }

  function folds() {
    let opened = [];
    window.addEventListener("beforeprint", () => {
      opened = [...document.querySelectorAll("details:not([open])")];
      for (const part of opened) part.open = true;
    });
    window.addEventListener("afterprint", () => {
      for (const part of opened) part.open = false;
    });
    window.addEventListener("hashchange", reveal);
    document.addEventListener("click", (event) => {
      if (event.target.closest?.(`a[href="${CSS.escape(location.hash)}"]`)) reveal(); // no hashchange the second time
    });
    reveal();
  }

  // What is too wide can be reached, and so scrolled, by keyboard.

  const WIDE = { "pre": "Code", ".kw-figure": "Diagram", ".kw-table, #kw-main div:has(> table)": "Table" };

  function reachable(within) {
    for (const [boxes, label] of Object.entries(WIDE)) {
      for (const box of within.querySelectorAll(boxes)) {
        if (box.scrollWidth <= box.clientWidth) continue;
        box.tabIndex = 0;
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", label);
      }
    }
  }

  // Code: each block can be copied; a click on the number of a line makes it the address.

  function copying() {
    if (!navigator.clipboard) return;
    for (const code of document.querySelectorAll("#kw-main pre > code")) {
      const button = element("button", { type: "button", className: "kw-copy" }, "Copy");
      button.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(code.textContent);
          button.textContent = "Copied";
        } catch {
          button.textContent = "Not allowed";
        }
        setTimeout(() => { button.textContent = "Copy"; }, 2000);
      });
      code.parentElement.before(button);
    }
  }

  function lineNumbers() {
    document.addEventListener("click", (event) => {
      const line = event.target.closest?.(".lines [id]");
      if (!line) return;
      const box = line.closest("pre");
      const end = box.getBoundingClientRect().left + box.clientLeft + parseFloat(getComputedStyle(line, "::before").width);
      if (event.clientX > end) return;
      const [x, y] = [scrollX, scrollY];
      location.hash = line.id;
      scrollTo(x, y); // the line is seen already
    });
  }

  // The contents: always open where they have a column; the section that is being read is marked there.

  function unfoldWhereWide(fold) {
    const wide = matchMedia("(min-width: 80.01rem)");
    const turn = () => {
      fold.open = wide.matches;
      fold.firstElementChild.tabIndex = wide.matches ? -1 : 0;
    };
    wide.addEventListener("change", turn);
    turn();
  }

  function contents() {
    const contentsBox = document.getElementById("kw-toc");
    if (!contentsBox) return;
    unfoldWhereWide(contentsBox.querySelector("details"));
    const links = new Map();
    for (const link of contentsBox.querySelectorAll("a[href^='#']")) {
      const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (heading) links.set(heading, link);
    }
    const mark = () => {
      const above = [...links.keys()].filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
      for (const link of links.values()) link.removeAttribute("aria-current");
      const current = links.get(above[above.length - 1]);
      if (!current) return;
      current.setAttribute("aria-current", "location");
      showIn(contentsBox, current);
    };
    const observer = new IntersectionObserver(mark, { rootMargin: "0px 0px -66% 0px" });
    for (const heading of links.keys()) observer.observe(heading);
  }

  themes();
  drawer();
  folds();
  copying();
  lineNumbers();
  contents();
  reachable(document);
  document.addEventListener("toggle", (event) => reachable(event.target), true);
  showMenu();
})();
