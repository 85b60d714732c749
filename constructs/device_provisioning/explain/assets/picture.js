"use strict";

const picture = document.getElementById("picture");
const canvas = document.getElementById("canvas");
const frame = document.getElementById("frame");
const buttons = new Map();
const NARROW = 900;
const LONG_DETAIL = 40;

/** The template that the page is about has its name in the heading. */
function shortened(title) {
  return title.replace(`/${data.name}/`, "/\u2026/");
}

function nodeButton(node) {
  const marks = node.findings.length
    ? [element("span", { class: `mark ${worst(node.findings)}` }, findingsInWords(node.findings))]
    : [];
  const state = data.arrows.some((arrow) => arrow.target === node.id && arrow.state === "unlimited") ? "unlimited" : "";
  return element(
    "button",
    {
      type: "button",
      class: `node ${node.unseen ? "unseen" : ""} ${state}`,
      "data-stage": node.stage,
      "data-kind": node.kind,
      "data-id": node.id,
      onclick: () => openNode(node),
    },
    element("span", { class: "kind" }, node.kind),
    element("span", { class: "title" }, ...breakable(shortened(node.title))),
    ...node.details.filter((detail) => detail.length < LONG_DETAIL).map((detail) => element("span", { class: "detail" }, ...breakable(detail))),
    ...marks,
  );
}

function arrowButton(arrow) {
  const [source, target] = [nodes.get(arrow.source), nodes.get(arrow.target)];
  return element(
    "button",
    {
      type: "button",
      class: `arrow ${arrow.state}`,
      "data-id": arrow.id,
      "aria-label": `${data.states[arrow.state]}: ${named(source)}, ${arrow.verbs.join(", ")}, ${named(target)}`,
      onclick: () => openArrow(arrow),
    },
    ...arrow.verbs.map((verb) => element("span", { class: "verb" }, verb)),
    element("span", { class: "target" }, ` \u2192 `, ...breakable(shortened(target.title))),
  );
}

/** Every stage with its nodes, each followed by the arrows that leave it: the order of reading. */
function drawButtons() {
  for (const [number, stage] of data.stages.entries()) {
    const inStage = data.nodes.filter((node) => node.stage === stage);
    if (!inStage.length) continue;
    const heading = element("h2", { class: "stage", id: `stage-${number}` }, stage);
    const group = element("div", { role: "group", "aria-labelledby": heading.id }, heading);
    for (const node of inStage) {
      buttons.set(node.id, nodeButton(node));
      group.append(buttons.get(node.id));
      for (const arrow of leaving(node.id)) {
        buttons.set(arrow.id, arrowButton(arrow));
        group.append(buttons.get(arrow.id));
      }
    }
    canvas.append(group);
  }
}

function place(button, { x, y }) {
  button.style.left = `${x - button.offsetWidth / 2}px`;
  button.style.top = `${y - button.offsetHeight / 2}px`;
}

/** A line that leaves and enters every point horizontally. */
function curve(points) {
  const [first, ...rest] = points;
  let path = `M${first.x},${first.y}`;
  let before = first;
  for (const point of rest) {
    const middle = (before.x + point.x) / 2;
    path += ` C${middle},${before.y} ${middle},${point.y} ${point.x},${point.y}`;
    before = point;
  }
  return path;
}

function svg(tag, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function box(id, { at }) {
  const { x, y } = at.get(id);
  const { offsetWidth: width, offsetHeight: height } = buttons.get(id);
  return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2, y };
}

/** From the node that may, over the label, to what it may do it with; over a stage between them in a lane. */
function pointsOf(arrow, layout) {
  const [source, label, target] = [arrow.source, arrow.id, arrow.target].map((id) => box(id, layout));
  const lane = layout.laneAt.get(arrow.id);
  const { left, gap } = layout.column.get(arrow.target);
  const over = lane === undefined ? [] : [{ x: source.right + 10, y: lane }, { x: left - gap + 4, y: lane }];
  const end = { x: target.left, y: Math.min(Math.max(label.y, target.top + 8), target.bottom - 8) };
  return [{ x: source.right, y: source.y }, ...over, { x: label.left, y: label.y }, { x: label.right, y: label.y }, end];
}

function drawLine(arrow, layout) {
  const points = pointsOf(arrow, layout);
  const end = points.at(-1);
  const way = curve([...points.slice(0, -1), { x: end.x - 6, y: end.y }]);
  const line = svg("g", { class: `line ${arrow.state}` });
  line.append(
    svg("path", { class: "hit", d: way }),
    svg("path", { class: "way", d: way }),
    svg("path", { class: "head", d: `M${end.x - 8},${end.y - 4} L${end.x},${end.y} L${end.x - 8},${end.y + 4} Z` }),
  );
  line.addEventListener("click", () => openArrow(arrow));
  return line;
}

function drawLines(layout, width) {
  const lines = svg("svg", { width, height: layout.height, viewBox: `0 0 ${width} ${layout.height}`, "aria-hidden": "true" });
  lines.append(...data.arrows.map((arrow) => drawLine(arrow, layout)));
  canvas.prepend(lines);
}

/** Side by side, as wide as there is room for. */
function layOut(width) {
  canvas.querySelector("svg")?.remove();
  const all = columns();
  const whole = setWidths(all, width);
  const layout = placed(all);
  for (const id of layout.at.keys()) place(buttons.get(id), layout.at.get(id));
  for (const column of all) {
    column.heading.style.left = `${headingLeft(column)}px`;
    column.heading.style.top = `${MARGIN}px`;
  }
  drawLines(layout, whole);
  canvas.style.width = `${whole}px`;
  canvas.style.height = `${layout.height}px`;
  scale(1);
}

/** One below the other, as on a phone. */
function pile() {
  canvas.querySelector("svg")?.remove();
  for (const styled of [canvas, frame, ...canvas.querySelectorAll("button, h2")]) {
    for (const name of ["width", "height", "left", "top", "transform"]) styled.style[name] = "";
  }
}

function fit() {
  const narrow = document.documentElement.clientWidth < NARROW;
  document.body.classList.toggle("piled", narrow);
  if (narrow) pile();
  else layOut(picture.clientWidth);
}

function scale(factor) {
  canvas.style.transform = factor === 1 ? "" : `scale(${factor})`;
  frame.style.width = `${canvas.offsetWidth * factor}px`;
  frame.style.height = `${canvas.offsetHeight * factor}px`;
}

function drawPicture() {
  drawButtons();
  fit();
  addEventListener("resize", fit);
}

/** From a node along its arrows and back, and up and down among those that stand beside each other. */
function neighbour(id, key) {
  const arrow = data.arrows.find((entry) => entry.id === id);
  if (arrow) {
    const beside = data.arrows.filter((entry) => entry.source === arrow.source).map((entry) => entry.id);
    return { ArrowRight: arrow.target, ArrowLeft: arrow.source }[key] ?? next(beside, id, key);
  }
  const beside = data.nodes.filter((node) => node.stage === nodes.get(id).stage).map((node) => node.id);
  if (key === "ArrowRight") return data.arrows.find((entry) => entry.source === id)?.id;
  if (key === "ArrowLeft") return data.arrows.find((entry) => entry.target === id)?.id;
  return next(beside, id, key);
}

function next(ids, id, key) {
  return ids[ids.indexOf(id) + { ArrowDown: 1, ArrowUp: -1 }[key]];
}

canvas.addEventListener("keydown", (event) => {
  const [id] = [...buttons].find(([, button]) => button === event.target) ?? [];
  if (!id || !/^Arrow/.test(event.key)) return;
  event.preventDefault();
  buttons.get(neighbour(id, event.key))?.focus();
});
