"use strict";

const pane = document.getElementById("statement");
const panes = document.getElementById("panes");
// What A4 in landscape with the margins of the style sheet has room for, in CSS pixels.
const PAGE = { width: 1062, height: 725 };
let openedFrom = null;

function findingItem(finding) {
  return element(
    "li",
    { class: finding.severity },
    element("strong", {}, `${finding.severity} ${finding.code}`),
    ` ${finding.message}: ${finding.hint} `,
    element("code", {}, ...breakable(finding.path || "/")),
  );
}

function grantSection(grant) {
  const parts = [element("h3", {}, grant.title)];
  if (grant.path) parts.push(element("p", {}, element("code", {}, ...breakable(grant.path))));
  if (grant.text) parts.push(element("pre", {}, grant.text));
  return element("section", {}, ...parts);
}

function openPane(from, title, ...content) {
  closePane();
  openedFrom = from;
  from.classList.add("open");
  pane.replaceChildren(
    element("button", { type: "button", class: "close", "aria-label": "Close", onclick: leavePane }, "\u00d7"),
    element("h2", {}, title),
    ...content,
  );
  pane.hidden = false;
  document.body.classList.add("with-statement");
  pane.scrollTop = 0;
  pane.focus();
}

function closePane() {
  openedFrom?.classList.remove("open");
  pane.hidden = true;
  document.body.classList.remove("with-statement");
}

function leavePane() {
  closePane();
  openedFrom?.focus();
}

function openArrow(arrow) {
  const [source, target] = [nodes.get(arrow.source), nodes.get(arrow.target)];
  openPane(
    buttons.get(arrow.id),
    arrow.verbs.join(", "),
    element("p", { class: "way" }, ...breakable(named(source)), " \u2192 ", ...breakable(named(target))),
    element("p", { class: `state ${arrow.state}` }, data.states[arrow.state]),
    ...arrow.grants.map(grantSection),
  );
}

function openNode(node) {
  const list = (title, arrows) =>
    arrows.length
      ? [
          element("h3", {}, title),
          element(
            "ul",
            {},
            ...arrows.map((arrow) => {
              const other = nodes.get(title === "From" ? arrow.source : arrow.target);
              const text = `${arrow.verbs.join(", ")}: ${named(other)}`;
              return element("li", {}, element("button", { type: "button", class: "to", onclick: () => openArrow(arrow) }, ...breakable(text)));
            }),
          ),
        ]
      : [];
  openPane(
    buttons.get(node.id),
    node.kind,
    element("p", { class: "way" }, ...breakable(node.title)),
    ...node.fullNames.map((name) => element("p", {}, element("code", {}, ...breakable(name)))),
    ...node.details.map((detail) => element("p", {}, ...breakable(detail))),
    ...(node.folded.length ? [element("ul", {}, ...node.folded.map((each) => element("li", {}, each)))] : []),
    ...(node.findings.length ? [element("ul", { class: "findings" }, ...node.findings.map(findingItem))] : []),
    ...list("From", data.arrows.filter((arrow) => arrow.target === node.id)),
    ...list("To", data.arrows.filter((arrow) => arrow.source === node.id)),
  );
}

function show(id) {
  const button = buttons.get(id);
  button.scrollIntoView({ block: "center", inline: "center" });
  button.focus();
}

function nodeLink(id, text) {
  return element("button", { type: "button", class: "to", onclick: () => show(id) }, ...breakable(text));
}

function findingsPane() {
  const all = [
    ...data.findings.map((finding) => [null, finding]),
    ...data.nodes.flatMap((node) => node.findings.map((finding) => [node, finding])),
  ];
  const items = all.map(([node, finding]) => {
    const item = findingItem(finding);
    if (node) item.append(" ", nodeLink(node.id, named(node)));
    return item;
  });
  return element(
    "section",
    { id: "findings", "aria-labelledby": "findings-title" },
    element("h2", { id: "findings-title" }, "Findings of the rules"),
    items.length ? element("ul", { class: "findings" }, ...items) : element("p", {}, "No findings."),
  );
}

function deviceRow(device) {
  const failed = device.failures.length > 0;
  const why = device.failures.map((failure) =>
    element("li", {}, `${failure.text} `, ...(failure.node ? [nodeLink(failure.node, named(nodes.get(failure.node)))] : [])),
  );
  const gets = device.gets.map(([name, value]) => element("li", {}, `${name} `, element("b", {}, ...breakable(value))));
  return element(
    "tr",
    { class: failed ? "failed" : "" },
    element("td", {}, String(device.line)),
    element("td", {}, ...device.parameters.flatMap(([name, value]) => [element("span", { class: "parameter" }, `${name}=${value}`), " "])),
    element("td", { class: failed ? "denied" : "granted" }, device.result),
    element("td", {}, element("ul", {}, ...(failed ? why : gets))),
  );
}

function devicesPane(devices) {
  const counts = devices.counts.map(([result, number]) => `${number.toLocaleString("en")} ${result}`).join(", ");
  const rows = devices.shown.map(deviceRow);
  const onlyFailed = element("input", { type: "checkbox", onchange: () => table.classList.toggle("only-failed", onlyFailed.checked) });
  const heads = ["Line", "Supplies", "Outcome", "Gets, or why not"].map((head) => element("th", { scope: "col" }, head));
  const table = element(
    "table",
    {},
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...rows),
  );
  const notes = ["From the template body alone. The picture shows what the role allows."];
  if (devices.hook) notes.push(devices.hook);
  if (devices.more) notes.push(`${counted(devices.more, "more device")}: device-provisioning simulate shows each.`);
  const reasons = devices.reasons.map(([text, number]) => element("li", {}, `${number.toLocaleString("en")} \u00d7 ${text}`));
  return element(
    "section",
    { id: "devices", "aria-labelledby": "devices-title" },
    element("h2", { id: "devices-title" }, `What devices of ${devices.file} would get`),
    element("p", {}, `${counts}. ${notes.join(" ")}`),
    ...(reasons.length ? [element("ul", { class: "reasons" }, ...reasons)] : []),
    element("label", {}, onlyFailed, " Only devices that get nothing"),
    element("div", { class: "scroll", role: "region", "aria-label": "Devices", tabindex: "0" }, table),
  );
}

/** All on one page: the picture as wide as it can be, and what is below it as small as it has to be. */
function fitPage() {
  document.body.classList.add("printing");
  document.body.classList.remove("piled");
  layOut(PAGE.width);
  scale(Math.min(1, PAGE.width / canvas.offsetWidth, (PAGE.height * 0.65) / canvas.offsetHeight));
  for (let zoom = 1; zoom > 0.2 && document.body.offsetHeight > PAGE.height; zoom -= 0.05) {
    panes.style.zoom = String(zoom);
  }
}

addEventListener("beforeprint", fitPage);
addEventListener("afterprint", () => {
  document.body.classList.remove("printing");
  panes.style.zoom = "";
  fit();
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !pane.hidden) leavePane();
});
document.getElementById("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = getComputedStyle(root).getPropertyValue("--is-dark").trim() === "1";
  root.dataset.theme = dark ? "light" : "dark";
});

drawPicture();
panes.append(findingsPane(), ...(data.devices ? [devicesPane(data.devices)] : []));
document.documentElement.dataset.drawn = "";
