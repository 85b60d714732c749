"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const nodes = new Map(data.nodes.map((node) => [node.id, node]));
const SEVERITIES = ["error", "warning", "info"];

/** An element with attributes and children; text is never read as markup. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/** A name that may be broken where people would break it. */
function breakable(text) {
  const parts = text.split(/(?<=[/.:_-])(?=.)|(?<=[a-z0-9])(?=[A-Z])/);
  return parts.flatMap((part, index) => (index ? [element("wbr"), part] : [part]));
}

function named(node) {
  return `${node.kind} ${node.title}`;
}

function counted(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

/** How many findings of each severity, in words. */
function findingsInWords(findings) {
  const nouns = { error: "error", warning: "warning", info: "note" };
  return SEVERITIES.map((severity) => [severity, findings.filter((finding) => finding.severity === severity).length])
    .filter(([, number]) => number)
    .map(([severity, number]) => counted(number, nouns[severity]))
    .join(", ");
}

function worst(findings) {
  return SEVERITIES.find((severity) => findings.some((finding) => finding.severity === severity));
}
