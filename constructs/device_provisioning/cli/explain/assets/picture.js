"use strict";

const picture = document.getElementById("picture");
const canvas = document.getElementById("canvas");
const buttons = new Map();
const frame = document.getElementById("frame");
const LEAST_SCALE = 0.75;

function nodeButton(node) {
  const marks = node.findings.length
    ? [element("span", { class: `mark ${worst(node.findings)}` }, findingsInWords(node.findings))]
    : [];
  return element(
    "button",
    {
      type: "button",
      class: `node ${node.unseen ? "unseen" : ""}`,
      "data-stage": node.stage,
      "data-kind": node.kind,
      onclick: () => openNode(node),
    },
    element("span", { class: "kind" }, node.kind),
    element("span", { class: "title" }, ...breakable(node.title)),
    ...node.details.map((detail) => element("span", { class: "detail" }, ...breakable(detail))),
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
      "aria-label": `${data.states[arrow.state]}: ${named(source)}, ${arrow.verbs.join(", ")}, ${named(target)}`,
      onclick: () => openArrow(arrow),
    },
    ...arrow.verbs.map((verb) => element("span", {}, verb)),
  );
}

/** Every stage with its nodes, each followed by the arrows that leave it: the order of reading. */
function drawButtons() {
  for (const stage of data.stages) {
    const inStage = data.nodes.filter((node) => node.stage === stage);
    if (!inStage.length) continue;
    const group = element("div", { role: "group", "aria-label": stage });
    for (const node of inStage) {
      buttons.set(node.id, nodeButton(node));
      group.append(buttons.get(node.id));
      for (const arrow of data.arrows.filter((entry) => entry.source === node.id)) {
        buttons.set(arrow.id, arrowButton(arrow));
        group.append(buttons.get(arrow.id));
      }
    }
    canvas.append(group);
  }
}

/** All nodes of a stage are as wide as its widest, so that a stage is a column. */
function alignWidths() {
  for (const stage of data.stages) {
    const column = data.nodes.filter((node) => node.stage === stage).map((node) => buttons.get(node.id));
    const width = Math.max(...column.map((button) => button.offsetWidth));
    for (const button of column) button.style.width = `${width}px`;
  }
}

function laidOut() {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 8, edgesep: 6, ranksep: 26, marginx: 14, marginy: 14 });
  const size = (id) => ({ width: buttons.get(id).offsetWidth, height: buttons.get(id).offsetHeight });
  for (const node of data.nodes) graph.setNode(node.id, size(node.id));
  for (const arrow of data.arrows) {
    graph.setEdge(arrow.source, arrow.target, { ...size(arrow.id), labelpos: "c", arrow }, arrow.id);
  }
  dagre.layout(graph, { constraints: inOrder() });
  return graph;
}

/** What stands in the same stage stays in the order of the data: who gets in comes first. */
function inOrder() {
  return data.stages.flatMap((stage) => {
    const column = data.nodes.filter((node) => node.stage === stage);
    return column.slice(1).map((node, index) => ({ left: column[index].id, right: node.id }));
  });
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

/** Where arrows leave or enter the side of a node: spread over it, in the order in which they go on. */
function spread(graph, side, otherSide) {
  const points = new Map();
  for (const id of graph.nodes()) {
    const { y, height } = graph.node(id);
    const edges = graph.edges().filter((edge) => edge[side] === id);
    edges.sort((one, other) => graph.edge(one).y - graph.edge(other).y || graph.node(one[otherSide]).y - graph.node(other[otherSide]).y);
    const step = Math.min(8, (height - 14) / edges.length);
    edges.forEach((edge, index) => points.set(edge.name, y + (index - (edges.length - 1) / 2) * step));
  }
  return points;
}

function drawLines(graph) {
  const { width, height } = graph.graph();
  const lines = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  const [leaves, enters] = [spread(graph, "v", "w"), spread(graph, "w", "v")];
  for (const id of graph.edges()) {
    const { points, x, y, width: label, arrow } = graph.edge(id);
    const [source, target] = [graph.node(id.v), graph.node(id.w)];
    const start = { x: source.x + source.width / 2, y: leaves.get(arrow.id) };
    const end = { x: target.x - target.width / 2, y: enters.get(arrow.id) };
    const line = svg("g", { class: `line ${arrow.state}` });
    const sides = [{ x: x - label / 2, y }, { x: x + label / 2, y }];
    const between = points.slice(1, -1);
    const before = between.filter((point) => point.x < sides[0].x);
    const after = between.filter((point) => point.x > sides[1].x);
    const way = curve([start, ...before, ...sides, ...after, { x: end.x - 6, y: end.y }]);
    line.append(
      svg("path", { class: "hit", d: way }),
      svg("path", { class: "way", d: way }),
      svg("path", { class: "head", d: `M${end.x - 8},${end.y - 4} L${end.x},${end.y} L${end.x - 8},${end.y + 4} Z` }),
    );
    line.addEventListener("click", () => openArrow(arrow));
    lines.append(line);
  }
  canvas.prepend(lines);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
}

/** The whole picture if it stays legible, else its full size to scroll in. */
function fit() {
  const whole = picture.clientWidth / canvas.offsetWidth;
  scale(whole < LEAST_SCALE ? 1 : Math.min(1, whole));
}

function scale(factor) {
  canvas.style.transform = `scale(${factor})`;
  frame.style.width = `${canvas.offsetWidth * factor}px`;
  frame.style.height = `${canvas.offsetHeight * factor}px`;
}

function drawPicture() {
  drawButtons();
  alignWidths();
  const graph = laidOut();
  for (const node of graph.nodes()) place(buttons.get(node), graph.node(node));
  for (const id of graph.edges()) place(buttons.get(graph.edge(id).arrow.id), graph.edge(id));
  drawLines(graph);
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
