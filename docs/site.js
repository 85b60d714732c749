"use strict";

// Names of code in tables may break between their words, and only there.
for (const code of document.querySelectorAll(".md-typeset td code")) {
  for (const node of [...code.childNodes].filter((each) => each.nodeType === Node.TEXT_NODE)) {
    const words = node.data.split(/(?<=[_./:-])(?=\w)|(?<=[a-z0-9])(?=[A-Z])/);
    node.replaceWith(...words.flatMap((word, index) => (index ? [document.createElement("wbr"), word] : [word])));
  }
}

// A table that scrolls has to be reached by the keyboard, and does not scroll at every width.
function markTables() {
  for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) {
    const scrolls = box.scrollWidth > box.clientWidth;
    for (const [name, value] of [["tabindex", "0"], ["role", "region"], ["aria-label", "Table"]]) {
      if (scrolls) box.setAttribute(name, value);
      else box.removeAttribute(name);
    }
  }
}

// The theme puts tables into boxes when the page is ready.
new MutationObserver(markTables).observe(document.body, { childList: true, subtree: true });
addEventListener("resize", markTables);
