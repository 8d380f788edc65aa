/** How much of the interference is taken away: the minimum of a parabola. */
import { button } from "../../controls";
import { element } from "../../dom";
import { peak } from "../../peak";
import { equation, frac, inner, length2, relu, row, sub } from "../mathml";
import { live, mathNumber, percent, short, show } from "../numbers";
import { drawing, line, slider, svg } from "../plot";
import { follow, read, type Step, sentence } from "../step";

const TEXT =
  "E has the shape of the context’s light, but not its strength. Drag s: the curve shows how " +
  "much of A remains, least at s = {scale}. There s·E takes away {removed} of A, summed over the " +
  "cells. What is left above 0 is the residual C, at most {max}: the word’s own light.";

const NONE = "There is no interference to take away here: s is 0, and the residual is A itself.";

const [WIDTH, HEIGHT] = [400, 180];
/** The axis of s lies below the least value, since that of what remains does not begin at 0. */
const FLOOR = 154;
const [LEFT, RIGHT, TOP, BOTTOM] = [58, 386, 12, 140];

export const scale: Step = {
  name: "scale",
  title: () => "How much to take away",
  show: (lesson, room) => {
    const { activation, interference, scale: best, residual, removed } = lesson.facts;
    const [own, cross, square] = [
      product(activation, activation),
      product(activation, interference),
      product(interference, interference),
    ];
    const loss = (s: number) => Math.max(0, own - 2 * s * cross + s * s * square);
    const end = peak(activation);
    const residue = live("max", peak(residual));
    if (best === 0) {
      room.text.append(NONE);
      room.picture.draw({ map: residual, end, what: "residual" });
      return;
    }
    const numbers = {
      scale: live("scale", best),
      removed: percent("removed", removed),
      max: residue,
    };
    room.text.append(...sentence(TEXT, numbers));
    room.equation.append(
      equation(
        [
          "s",
          "=",
          frac(inner("A", "E"), inner("E", "E")),
          "=",
          frac(mathNumber("product", cross), mathNumber("square", square)),
          "=",
          mathNumber("scale", best),
        ],
        [sub("C", "v"), "=", relu(row(sub("A", "v"), "−", "s", sub("E", "v")))],
      ),
    );
    const most = 2 * best;
    const x = (s: number) => LEFT + ((RIGHT - LEFT) * s) / most;
    const y = (value: number) =>
      BOTTOM - ((BOTTOM - TOP) * (value - loss(best))) / (own - loss(best));
    const dot = svg("circle", { class: "tam-dot tam-handle", r: 8 });
    const tick = { x: LEFT - 8, "text-anchor": "end" };
    const label = "What remains of A, for s from 0 to twice the best";
    const points = Array.from({ length: 81 }, (_, i) => (most * i) / 80);
    const plot = drawing(WIDTH, HEIGHT, label, [
      svg("path", { class: "tam-plot-axis", d: `M${LEFT} ${TOP}V${FLOOR}H${RIGHT}` }),
      svg("path", { class: "tam-mark-line", d: `M${LEFT} ${BOTTOM}H${x(best)}V${FLOOR}` }),
      svg("path", { class: "tam-curve-line", d: line(points.map((s) => [x(s), y(loss(s))])) }),
      dot,
      svg("text", { x: LEFT, y: HEIGHT - 8, "text-anchor": "middle" }, "0"),
      show(svg("text", { x: x(best), y: HEIGHT - 8, "text-anchor": "middle" }), "scale", best),
      svg("text", { x: RIGHT, y: HEIGHT - 8, "text-anchor": "end" }, "s"),
      show(svg("text", { ...tick, y: y(own) + 4 }), "loss_at_0", own),
      show(svg("text", { ...tick, y: BOTTOM + 4 }), "loss", loss(best)),
    ]);
    const norm = element("div", { class: "tam-plot-title" }, ["what remains of A: "]);
    norm.append(equation([length2(row("A", "−", "s", "E")), "=", mathNumber("loss_now", own)]));
    room.figure.append(norm, plot as unknown as HTMLElement);
    let now = 0;
    let map: Float32Array = activation;
    const cell = () =>
      read(room, lesson, ["C = ", live("residual_now", map[lesson.cell], lesson.cell)]);
    const go = (s: number) => {
      now = Math.abs(s - best) < most / 200 ? best : s;
      map = now === best ? residual : left(activation, interference, now);
      dot.setAttribute("cx", String(x(now)));
      dot.setAttribute("cy", String(y(loss(now))));
      const value = norm.querySelector<MathMLElement>("[data-number]");
      if (value) show(value, "loss_now", loss(now)).dataset.scale = String(now);
      slide.set(now, `s = ${short(now)}, ${short(loss(now))} remains`);
      show(output, "scale_now", now);
      room.picture.draw({ map, end, what: "A − s·E, above 0" });
      cell();
    };
    const slide = slider("Scale s", most, 200, now, go, room.signal);
    const output = element("output", { class: "tam-output" });
    const minimum = button(
      "to the minimum",
      "Moves s to where least remains",
      () => go(best),
      room.signal,
    );
    room.control.append(element("span", { text: "s" }), slide.element, output, minimum);
    drag(plot, (share) => go(most * share), room.signal);
    go(0);
    follow(lesson, room, cell);
  },
};

function product(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let v = 0; v < a.length; v++) sum += a[v] * b[v];
  return sum;
}

/** relu(A − s·E) */
const left = (activation: Float32Array, interference: Float32Array, s: number) =>
  activation.map((value, v) => Math.max(0, value - s * interference[v]));

/** Calls with the share of the axis that is pressed. */
function drag(plot: SVGElement, to: (share: number) => void, signal: AbortSignal): void {
  let pressed = false;
  const move = ({ clientX }: PointerEvent) => {
    const { left: start, width } = plot.getBoundingClientRect();
    const at = (((clientX - start) / width) * WIDTH - LEFT) / (RIGHT - LEFT);
    to(Math.min(1, Math.max(0, at)));
  };
  plot.classList.add("tam-dragged");
  plot.addEventListener(
    "pointerdown",
    (event) => {
      pressed = true;
      plot.setPointerCapture(event.pointerId);
      move(event);
    },
    { signal },
  );
  plot.addEventListener("pointermove", (event) => pressed && move(event), { signal });
  for (const end of ["pointerup", "pointercancel"] as const)
    plot.addEventListener(
      end,
      () => {
        pressed = false;
      },
      { signal },
    );
}
