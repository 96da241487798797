// Places for the few nodes that are added or picked out in the page; the rest were placed when the page was made.
// A place's key is the position of an entity, or "g" and the position of a group.
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

function boxOf(key) {
  const { label, size, kind } = typeof key === "number" ? ENTITIES[key] : { ...GROUPS[Number(key.slice(1))], kind: null };
  const lines = label.split("\n"),
    inside = kind !== null && DATA.styles.nodes[kind].inside,
    extra = kind === null ? 1 : 0;
  return {
    w: Math.max(7.4 * Math.max(...lines.map((line) => line.length)), 2 * size) + 16,
    h: 16 * (lines.length + extra) + (inside ? 0 : 2 * size) + 16,
    drop: inside ? 0 : 8 * (lines.length + extra),
  };
}

class Room {
  // Boxes that are taken, in a grid of cells as large as any box.
  constructor() {
    this.cells = new Map();
  }

  near(x, y) {
    const found = [];
    const cx = Math.floor(x / 260),
      cy = Math.floor(y / 260);
    for (let i = cx - 1; i <= cx + 1; i++) for (let j = cy - 1; j <= cy + 1; j++) found.push(...(this.cells.get(`${i},${j}`) || []));
    return found;
  }

  free(x, y, box) {
    return this.near(x, y).every(
      (other) => Math.abs(x - other.x) >= (box.w + other.w) / 2 || Math.abs(y - other.y) >= (box.h + other.h) / 2,
    );
  }

  take(x, y, box) {
    const key = `${Math.floor(x / 260)},${Math.floor(y / 260)}`;
    if (!this.cells.has(key)) this.cells.set(key, []);
    this.cells.get(key).push({ x, y, ...box });
  }

  // The first free place along a spiral around a point.
  around(x, y, box, from = 110) {
    for (let turn = 0; ; turn++) {
      const far = turn === 0 && from === 0 ? 0 : from + 13 * Math.sqrt(turn) * 2.2;
      const px = x + 1.3 * far * Math.cos(turn * GOLDEN),
        py = y + far * Math.sin(turn * GOLDEN);
      if (turn > 4000 || this.free(px, py, box)) {
        this.take(px, py, box);
        return { x: Math.round(px), y: Math.round(py - box.drop) };
      }
    }
  }
}

// Places for `added` so that each stands near a neighbour that has one; `places` is filled in.
function placeMore(added, places) {
  const room = new Room();
  for (const [index, at] of places) {
    const box = boxOf(index);
    room.take(at.x, at.y + box.drop, box);
  }
  const waiting = new Set(added.filter((index) => !places.has(index)));
  while (waiting.size) {
    // One that hangs on something placed, else the best linked of the rest begins a new group in the middle.
    let next = null,
      anchor = null;
    for (const index of waiting) {
      anchor =
        [...ENTITIES[index].near].find((other) => places.has(other)) ??
        (places.has(`g${ENTITIES[index].group}`) ? `g${ENTITIES[index].group}` : undefined);
      if (anchor !== undefined) {
        next = index;
        break;
      }
    }
    if (next === null) next = [...waiting].sort(byDegree)[0];
    const start = anchor === undefined || anchor === null ? { x: 0, y: 0 } : places.get(anchor);
    places.set(next, room.around(start.x, start.y, boxOf(next), anchor === undefined || anchor === null ? 0 : 110));
    waiting.delete(next);
  }
}

// Places for a picked-out part of the graph: what is linked by forces, the rest in rows below.
function placeAnew(indices, edges) {
  const linked = new Set(edges.filter((edge) => edge.from !== edge.to).flatMap((edge) => [edge.from, edge.to]));
  const places = placeByForces(
    indices.filter((index) => linked.has(index)),
    edges,
  );
  const spots = [...places.values()];
  const left = Math.min(0, ...spots.map((at) => at.x)),
    right = Math.max(700, ...spots.map((at) => at.x));
  let x = left,
    y = Math.max(-60, ...spots.map((at) => at.y)) + 130;
  for (const index of indices.filter((other) => !linked.has(other))) {
    const box = boxOf(index);
    if (x > left && x + box.w > right) {
      x = left;
      y += 120;
    }
    places.set(index, { x: Math.round(x + box.w / 2), y });
    x += box.w;
  }
  return places;
}

// A start along spirals, a few rounds of forces (Fruchterman and Reingold 1991), then overlaps undone.
function placeByForces(indices, edges) {
  const places = new Map();
  placeMore([...indices].sort(byDegree), places);
  const points = indices.map((index) => ({ ...places.get(index), ...boxOf(index) }));
  const at = new Map(indices.map((index, i) => [index, i]));
  const links = edges.map((edge) => [at.get(edge.from), at.get(edge.to)]).filter(([a, b]) => a !== b);
  const ideal = points.length > 20 ? 95 : 150;
  for (let round = 0; round < 90; round++) {
    const heat = 60 * (1 - round / 90) + 1;
    const push = points.map(() => ({ x: 0, y: 0 }));
    for (let i = 0; i < points.length; i++)
      for (let j = i + 1; j < points.length; j++) {
        const dx = points[j].x - points[i].x,
          dy = points[j].y - points[i].y;
        const square = Math.max(dx * dx + dy * dy, 100);
        if (square > 160000) continue;
        const force = (ideal * ideal) / square;
        push[i].x -= dx * force;
        push[i].y -= dy * force;
        push[j].x += dx * force;
        push[j].y += dy * force;
      }
    for (const [a, b] of links) {
      const dx = points[b].x - points[a].x,
        dy = points[b].y - points[a].y;
      const force = Math.hypot(dx, dy) / ideal;
      push[a].x += dx * force;
      push[a].y += dy * force;
      push[b].x -= dx * force;
      push[b].y -= dy * force;
    }
    points.forEach((point, i) => {
      // A weak pull to the middle keeps groups without links from drifting off.
      const x = push[i].x - point.x * 0.12,
        y = push[i].y - point.y * 0.18;
      const length = Math.hypot(x, y) || 1;
      point.x += (x / length) * Math.min(length, heat);
      point.y += (y / length) * Math.min(length, heat);
    });
  }
  for (let round = 0; round < 60 && undoOverlaps(points); round++);
  indices.forEach((index, i) => places.set(index, { x: Math.round(points[i].x), y: Math.round(points[i].y - points[i].drop) }));
  return places;
}

function undoOverlaps(points) {
  let moved = false;
  for (let i = 0; i < points.length; i++)
    for (let j = i + 1; j < points.length; j++) {
      const a = points[i],
        b = points[j];
      const dx = b.x - a.x,
        dy = b.y - a.y;
      const overX = (a.w + b.w) / 2 - Math.abs(dx),
        overY = (a.h + b.h) / 2 - Math.abs(dy);
      if (overX <= 0 || overY <= 0) continue;
      moved = true;
      if (overX < overY) {
        const step = (dx < 0 ? -1 : 1) * (overX / 2 + 0.5);
        a.x -= step;
        b.x += step;
      } else {
        const step = (dy < 0 ? -1 : 1) * (overY / 2 + 0.5);
        a.y -= step;
        b.y += step;
      }
    }
  return moved;
}

// Opens a group where it stands: its members around the disc, all else moved outwards to make room.
function placeAround(key, members, edges, places) {
  const middle = places.get(key),
    inner = placeAnew(members, edges),
    spots = [...inner.values()];
  const [left, right, top, bottom] = [
    Math.min(...spots.map((at) => at.x)),
    Math.max(...spots.map((at) => at.x)),
    Math.min(...spots.map((at) => at.y)),
    Math.max(...spots.map((at) => at.y)),
  ];
  const wide = (right - left) / 2 + 120,
    high = (bottom - top) / 2 + 110;
  for (const [other, at] of places) {
    const dx = at.x - middle.x,
      dy = at.y - middle.y,
      far = Math.hypot(dx / wide, dy / high) || 1;
    if (other !== key) places.set(other, { x: Math.round(at.x + dx / far), y: Math.round(at.y + dy / far) });
  }
  for (const [index, at] of inner)
    places.set(index, { x: Math.round(middle.x + at.x - (left + right) / 2), y: Math.round(middle.y + at.y - (top + bottom) / 2) });
  places.set(key, { x: middle.x, y: Math.round(middle.y + high - 20) });
}

// A path from left to right, up and down by turns so that words find room.
function placeAlong(indices) {
  return new Map(indices.map((index, i) => [index, { x: 250 * i, y: i % 2 ? 90 : -90 }]));
}
