"use strict";

/** The way in: of what stands in each stage, the one that leads on the furthest, as far as that is allowed. */
const STATES = ["granted", "unlimited", "unseen", "missing", "denied"];

function leaving(id) {
  return data.arrows.filter((arrow) => arrow.source === id);
}

function depths() {
  const known = new Map();
  const depth = (id) => {
    if (!known.has(id)) known.set(id, Math.max(0, ...leaving(id).map((arrow) => 1 + depth(arrow.target))));
    return known.get(id);
  };
  for (const node of data.nodes) depth(node.id);
  return known;
}

function wayIn() {
  const depth = depths();
  const better = (one, other) =>
    depth.get(other.target) - depth.get(one.target) || STATES.indexOf(one.state) - STATES.indexOf(other.state);
  const way = [data.nodes[0].id];
  for (let next = true; next; ) {
    [next] = leaving(way.at(-1)).sort(better);
    if (next) way.push(next.target);
  }
  return new Set(way);
}

const onTheWay = wayIn();
// What is on the way in stands first in its stage, for the eye and for the keyboard.
data.nodes.sort(
  (one, other) =>
    data.stages.indexOf(one.stage) - data.stages.indexOf(other.stage) || onTheWay.has(other.id) - onTheWay.has(one.id),
);
