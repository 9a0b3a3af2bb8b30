/* Run before anything is shown, so that no page flashes in the wrong theme: what the reader chose, and that scripts run. */
"use strict";

document.documentElement.classList.add("kw-scripts");
try {
  const theme = localStorage.getItem("kwmagic-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // storage may be forbidden: then the theme is the system's
}
