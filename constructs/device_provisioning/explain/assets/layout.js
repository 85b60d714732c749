"use strict";

const MARGIN = 14;
const HEAD = 9;
const BETWEEN = 8;
const LANE = 10;
const WIDEST = 230;
const NARROWEST = 84;

/** Every stage that has nodes, with its heading, its nodes and the arrows that enter them. */
function columns() {
  return data.stages
    .map((stage) => ({ stage, nodes: data.nodes.filter((node) => node.stage === stage) }))
    .filter((column) => column.nodes.length)
    .map((column, index) => {
      const ids = new Set(column.nodes.map((node) => node.id));
      return { ...column, index, entering: data.arrows.filter((arrow) => ids.has(arrow.target)) };
    });
}

/** How wide each column is, so that all of them and the labels between them take up a width. */
function setWidths(all, width) {
  canvas.classList.add("measured");
  for (const column of all) {
    column.widest = Math.min(WIDEST, measured(column, "max-content"));
    column.words = Math.min(column.widest, measured(column, "min-content"));
    const labels = column.entering.map((arrow) => buttons.get(arrow.id).offsetWidth);
    column.gap = column.index ? Math.max(0, ...labels) + HEAD + 8 : 0;
  }
  canvas.classList.remove("measured");
  share(all, width - 2 * MARGIN - sum(all, (column) => column.gap));
  let x = MARGIN;
  for (const column of all) {
    column.left = x + column.gap;
    column.right = column.left + column.width;
    x = column.right;
    for (const node of column.nodes) buttons.get(node.id).style.width = `${column.width}px`;
    column.heading = document.getElementById(`stage-${data.stages.indexOf(column.stage)}`);
    column.heading.style.width = `${column.right - headingLeft(column)}px`;
  }
  return Math.max(width, x + MARGIN);
}

function sum(all, value) {
  return all.reduce((total, each) => total + value(each), 0);
}

function measured(column, width) {
  const widths = column.nodes.map((node) => {
    const button = buttons.get(node.id);
    button.style.width = width;
    return button.offsetWidth;
  });
  return Math.ceil(Math.max(NARROWEST, ...widths));
}

/** A heading stands over the labels that lead to its column too. */
function headingLeft({ left, gap }) {
  return left - Math.max(0, gap - 10);
}

/** As wide as the words need, and wider where there is room; where there is none, the widest give way first. */
function share(all, room) {
  let limit = WIDEST;
  const words = () => sum(all, (column) => Math.min(column.words, limit));
  while (words() > room && limit > NARROWEST) limit -= 1;
  const wanted = sum(all, (column) => column.widest - Math.min(column.words, limit));
  const part = Math.min(1, Math.max(0, room - words()) / (wanted || 1));
  for (const column of all) {
    const least = Math.min(column.words, limit);
    column.width = Math.floor(least + (column.widest - least) * part);
  }
}

/** Labels one below the other, at the middle of a height. */
function stack(labels, middle) {
  const heights = labels.map((label) => label.offsetHeight);
  const all = heights.reduce((sum, height) => sum + height, 0) + 4 * Math.max(0, labels.length - 1);
  let y = middle - all / 2;
  return labels.map((label, index) => {
    const at = y + heights[index] / 2;
    y += heights[index] + 4;
    return at;
  });
}

function heightOf(labels) {
  return labels.reduce((sum, label) => sum + label.offsetHeight + 4, -4);
}

/** Where everything goes: {x, y} is the middle of a node or a label. */
function placed(all) {
  const at = new Map();
  const column = new Map(all.flatMap((entry) => entry.nodes.map((node) => [node.id, entry])));
  const far = data.arrows.filter((arrow) => column.get(arrow.target).index - column.get(arrow.source).index > 1);
  const lanes = new Map(far.map((arrow, index) => [arrow.id, index]));
  const headings = Math.max(...all.map((entry) => entry.heading.offsetHeight));
  const first = MARGIN + headings + 10 + far.length * LANE;
  const middle = first + Math.max(...all.map((entry) => firstHeight(entry) / 2));
  let bottom = 0;
  for (const entry of all) bottom = Math.max(bottom, placeColumn(entry, middle, at));
  const laneAt = new Map([...lanes].map(([id, index]) => [id, MARGIN + headings + 10 + index * LANE]));
  return { at, column, laneAt, height: bottom + MARGIN };
}

function labelsOf(entry, node) {
  const arrows = entry.entering.filter((arrow) => arrow.target === node.id);
  arrows.sort((one, other) => onTheWay.has(other.source) - onTheWay.has(one.source));
  return arrows;
}

function firstHeight(entry) {
  return buttons.get(entry.nodes[0].id).offsetHeight;
}

function placeColumn(entry, middle, at) {
  let y = 0;
  for (const [index, node] of entry.nodes.entries()) {
    const button = buttons.get(node.id);
    const arrows = labelsOf(entry, node);
    const labels = arrows.map((arrow) => buttons.get(arrow.id));
    const height = Math.max(button.offsetHeight, heightOf(labels));
    const centre = index ? y + height / 2 : middle;
    at.set(node.id, { x: (entry.left + entry.right) / 2, y: centre });
    // The label on the way in is on its line; further ones are below it.
    const lower = index || !labels.length ? centre : centre + (heightOf(labels) - labels[0].offsetHeight) / 2;
    stack(labels, lower).forEach((labelY, number) => {
      at.set(arrows[number].id, { x: entry.left - HEAD - labels[number].offsetWidth / 2, y: labelY });
    });
    const lowest = Math.max(centre + button.offsetHeight / 2, lower + heightOf(labels) / 2);
    y = lowest + BETWEEN;
  }
  return y;
}
