// The drawing as a picture, its legend with it: as pixels from the canvas, or as lines that a program can edit.
const SVG = "http://www.w3.org/2000/svg";
const LEGEND = 64;
// Heads of arrows by their name in style.py, in a square of ten units.
const HEADS = { arrow: "M0 0 10 5 0 10Z", vee: "M0 0 10 5 0 10 4 5Z", bar: "M9 0V10", circle: "M1 5a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z" };
const CAUTION = "An allegation is not a finding. Read the sentences behind a link before relying on it.";

function save(blob, name) {
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function savePng() {
  network.redraw();
  const drawn = document.querySelector("#graph canvas"),
    now = palette(),
    scale = drawn.width / stage.clientWidth;
  const picture = element("canvas", { width: drawn.width, height: drawn.height + LEGEND * scale }),
    pen = picture.getContext("2d");
  pen.fillStyle = now.ground;
  pen.fillRect(0, 0, picture.width, picture.height);
  pen.drawImage(drawn, 0, 0);
  pen.scale(scale, scale);
  pen.translate(0, stage.clientHeight);
  pen.font = `13px ${FACE}`;
  let x = 14;
  for (const status of DATA.statuses) {
    const style = DATA.styles.statuses[status];
    pen.strokeStyle = pen.fillStyle = now.status[status];
    pen.lineWidth = style.width + 0.4;
    pen.setLineDash(style.dashes);
    pen.beginPath();
    pen.moveTo(x, 20);
    pen.lineTo(x + 50, 20);
    pen.stroke();
    pen.fillText(status, x + 56, 24);
    x += 72 + pen.measureText(status).width;
  }
  pen.fillStyle = now.ink;
  pen.fillText([CAUTION, filterWords()].join(" "), 14, 48);
  picture.toBlob((blob) => save(blob, "graph.png"), "image/png");
}

function shape(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// Outlines as vis-network draws them, around 0, 0; a box is as wide as its words.
function outline(kind, size, label) {
  const at = (angles, radius = () => size) =>
    angles.map((angle, i) => `${(radius(i) * Math.sin(angle)).toFixed(1)},${(-radius(i) * Math.cos(angle)).toFixed(1)}`).join(" ");
  const around = (count, turn = 0) => Array.from({ length: count }, (_, i) => turn + (2 * Math.PI * i) / count);
  switch (kind) {
    case "star":
      return shape("polygon", { points: at(around(10), (i) => (i % 2 ? size * 0.5 : size * 1.3)) });
    case "hexagon":
      return shape("polygon", { points: at(around(6, Math.PI / 6)) });
    case "square":
      return shape("rect", { x: -size, y: -size, width: 2 * size, height: 2 * size });
    case "diamond":
      return shape("polygon", { points: at(around(4)) });
    case "triangle":
      return shape("polygon", { points: at(around(3), () => size * 1.15) });
    case "triangleDown":
      return shape("polygon", { points: at(around(3, Math.PI), () => size * 1.15) });
    case "box":
    case "ellipse": {
      const lines = label.split("\n"),
        wide = 7.4 * Math.max(...lines.map((line) => line.length)) + 14,
        high = 16 * lines.length + 10;
      return kind === "box"
        ? shape("rect", { x: -wide / 2, y: -high / 2, width: wide, height: high, rx: 6 })
        : shape("ellipse", { rx: wide / 1.6, ry: high / 1.4 });
    }
    default:
      return shape("circle", { r: size });
  }
}

function words(text, x, y, attributes) {
  const lines = text.split("\n");
  return shape(
    "text",
    { "text-anchor": "middle", "paint-order": "stroke", "stroke-linejoin": "round", ...attributes },
    ...lines.map((line, i) => {
      const part = shape("tspan", { x, y: y + 16 * i });
      part.textContent = line;
      return part;
    }),
  );
}

function saveSvg() {
  const now = palette(),
    middle = network.getViewPosition(),
    scale = network.getScale();
  const wide = stage.clientWidth / scale,
    high = stage.clientHeight / scale,
    left = middle.x - wide / 2,
    top = middle.y - high / 2;
  const edges = shape("g", { fill: "none" }),
    nodes = shape("g", {}),
    labels = shape("g", { "font-size": "12", stroke: now.ground, "stroke-width": "4" });
  for (const edge of drawnEdges.get()) {
    const a = VIEW.places.get(edge.from),
      b = VIEW.places.get(edge.to);
    const bend = edge.smooth ? edge.smooth.roundness * (edge.smooth.type === "curvedCW" ? 1 : -1) : 0;
    const mid = { x: (a.x + b.x) / 2 + bend * (b.y - a.y), y: (a.y + b.y) / 2 - bend * (b.x - a.x) };
    const title = shape("title", {});
    title.textContent = edge.title;
    // The arrow ends at the rim of the shape it points to.
    const far = Math.hypot(b.x - mid.x, b.y - mid.y) || 1,
      size = (drawnNodes.get(edge.to).size || 10) + 4;
    const tip = { x: b.x - ((b.x - mid.x) / far) * size, y: b.y - ((b.y - mid.y) / far) * size };
    edges.append(
      shape(
        "path",
        {
          d: `M${a.x} ${a.y}Q${mid.x} ${mid.y} ${tip.x.toFixed(1)} ${tip.y.toFixed(1)}`,
          stroke: edge.color.color,
          "stroke-width": edge.width,
          ...(edge.dashes ? { "stroke-dasharray": edge.dashes.join(" ") } : {}),
          ...(edge.status ? { "marker-end": `url(#head-${edge.status})` } : {}),
        },
        title,
      ),
    );
    if (edge.label)
      labels.append(
        words(edge.label, (a.x + b.x) / 2 + (bend * (b.y - a.y)) / 2, (a.y + b.y) / 2 - (bend * (b.x - a.x)) / 2 - 4, {
          fill: edge.color.color,
        }),
      );
  }
  for (const node of drawnNodes.get()) {
    if (node.hidden) continue;
    const style = node.group === "group" ? { shape: "dot", inside: false } : DATA.styles.nodes[node.group],
      drawn = outline(style.shape, node.size, node.label || "");
    const look =
      node.group === "group"
        ? { fill: now.panel, stroke: now.soft, "stroke-dasharray": "5 4" }
        : { fill: now.fill[node.group], stroke: now.line[node.group] };
    for (const [key, value] of Object.entries({ ...look, "stroke-width": 2, transform: `translate(${node.x} ${node.y})` }))
      drawn.setAttribute(key, value);
    nodes.append(drawn);
    const below = style.inside ? 5 - 8 * (node.label.split("\n").length - 1) : node.size + 18;
    if (node.label)
      labels.append(
        words(node.label, node.x, node.y + below, { fill: now.ink, "font-size": "14", ...(style.inside ? { stroke: "none" } : {}) }),
      );
  }
  const heads = shape(
    "defs",
    {},
    ...DATA.statuses.map((status) =>
      shape(
        "marker",
        {
          id: `head-${status}`,
          viewBox: "0 0 10 10",
          refX: "9",
          refY: "5",
          markerWidth: "11",
          markerHeight: "11",
          markerUnits: "userSpaceOnUse",
          orient: "auto",
        },
        shape("path", {
          d: HEADS[DATA.styles.statuses[status].arrow],
          fill: now.status[status],
          stroke: now.status[status],
        }),
      ),
    ),
  );
  // The legend keeps the size of its words whatever the scale of the drawing.
  const legend = shape("g", { transform: `translate(${left} ${top + high}) scale(${1 / scale})`, "font-size": "13" });
  DATA.statuses.forEach((status, i) => {
    const style = DATA.styles.statuses[status],
      text = shape("text", { x: 72 + 160 * i, y: 24, fill: now.status[status] });
    text.textContent = status;
    legend.append(
      shape("path", {
        d: `M${14 + 160 * i} 20h50`,
        stroke: now.status[status],
        "stroke-width": style.width + 0.4,
        "stroke-dasharray": style.dashes.join(" "),
      }),
      text,
    );
  });
  const caution = shape("text", { x: 14, y: 48, fill: now.ink });
  caution.textContent = [CAUTION, filterWords()].join(" ");
  legend.append(caution);
  const whole = shape(
    "svg",
    {
      xmlns: SVG,
      viewBox: `${left} ${top} ${wide} ${high + LEGEND / scale}`,
      width: stage.clientWidth,
      height: stage.clientHeight + LEGEND,
      "font-family": FACE,
    },
    heads,
    shape("rect", { x: left, y: top, width: wide, height: high + LEGEND / scale, fill: now.ground }),
    edges,
    nodes,
    labels,
    legend,
  );
  save(new Blob([new XMLSerializer().serializeToString(whole)], { type: "image/svg+xml" }), "graph.svg");
}
