/** A cell's state and the classifier's row of the word make one number. */
import { colourise, pixelTable } from "../../colormaps";
import { button } from "../../controls";
import { element } from "../../dom";
import { peak } from "../../peak";
import { equation, type Part, relu, sub, sum } from "../mathml";
import { live, mathNumber, short, show } from "../numbers";
import { drawing, line, svg } from "../plot";
import type { Products } from "../products";
import { type Lesson, type Room, read, type Step, sentence } from "../step";
import { request } from "./request";

const TEXT =
  "After the last layer the state h of this cell has {size} numbers. The classifier has as many " +
  "for “{word}”: its row w. Multiply them in pairs and add: the positive products make " +
  "{positive}, the negative ones {negative}, together {sum}. {sign}";

const ABOVE = "That is the cell’s activation A; relu would make 0 of a sum below 0.";
const BELOW = "As this is below 0, relu makes it 0: the cell’s activation A.";

const MISSING =
  "After the last layer every cell has a state h of many numbers, and the classifier has as many " +
  "for each word: its row w. Multiply them in pairs and add, and one number is left. The record " +
  "keeps only that; for the states and the row the model must be in memory.";

/** Most columns of a strip; of longer vectors several values share one. */
const COLUMNS = 256;

const [WIDTH, HEIGHT] = [400, 96];

export const product: Step = {
  name: "product",
  title: () => "One cell, one number",
  show: (lesson, room) => {
    const { facts } = lesson;
    const products = lesson.products();
    const map = { map: facts.activation, end: peak(facts.activation), what: "activation A" };
    room.picture.draw(map);
    room.equation.append(
      equation([
        sub("A", "v"),
        "=",
        relu(sum("j"), sub("h", "vj"), sub("w", "j")),
        ...(products ? results() : []),
      ]),
    );
    if (products) touch(lesson, room, products);
    else
      request(lesson, room, {
        what: "products",
        why: MISSING,
        call: `tw.anatomy(explanation, ${JSON.stringify(facts.word)}, explainer=explainer)`,
        action: "read the states",
      });
  },
};

/** The sum of a cell's products. */
const total = (products: Products, number: number, sign = 0) =>
  products.terms(number).reduce((all, one) => all + (sign * one < 0 ? 0 : one), 0);

/** The sum of the cell in view, and what relu makes of it; both are filled in later. */
function results(): Part[] {
  return ["=", relu(mathNumber("sum", 0)), "=", mathNumber("activation", 0)];
}

function touch(lesson: Lesson, room: Room, products: Products): void {
  const { picture, signal } = room;
  const body = element("div", { class: "tam-product" });
  const choices = products.cells.map((_, i) => {
    const made = button("", "", () => choose(i), signal);
    const said = live("sum", total(products, i), i);
    made.append(`${products.names[i]}: `, said);
    return made;
  });
  const choose = (number: number) => {
    choices.forEach((one, i) => {
      one.setAttribute("aria-pressed", String(i === number));
    });
    const cells = products.cells.filter((_, i) => i !== number);
    const cell = products.cells[number];
    picture.mark([cell, ...cells]);
    const sums = { sum: total(products, number) };
    room.text.replaceChildren(
      ...sentence(TEXT, {
        size: live("size", products.size),
        word: lesson.facts.word,
        positive: live("positive", total(products, number, 1), number),
        negative: live("negative", total(products, number, -1), number),
        sum: live("sum", sums.sum, number),
        sign: sums.sum > 0 ? ABOVE : BELOW,
      }),
    );
    const activation = Math.max(0, sums.sum);
    const [sum, result] = room.equation.querySelectorAll<MathMLElement>("[data-number]");
    show(sum, "sum", sums.sum, number);
    show(result, "activation", activation, cell);
    read(room, { facts: lesson.facts, cell }, ["A = ", live("activation", activation, cell)]);
    body.replaceChildren(...figure(products, number, signal));
  };
  picture.touched = (cell) => {
    const number = products.cells.indexOf(cell);
    if (number >= 0) choose(number);
  };
  const of = element("span", { text: `h · w of “${lesson.facts.word}” at` });
  room.control.append(of, ...choices);
  room.figure.append(body);
  choose(0);
}

/** Three strips, one below the other, and the sum as it grows. */
function figure(products: Products, number: number, signal: AbortSignal): HTMLElement[] {
  const terms = products.terms(number);
  const group = Math.ceil(products.size / COLUMNS);
  const rows: [string, ArrayLike<number>][] = [
    ["state h", joined(products.state(number), group, 1 / group)],
    ["row w", joined(products.row, group, 1 / group)],
    ["h · w", joined(terms, group, 1)],
  ];
  const said = element("p", { class: "tam-note" });
  const several = group > 1 ? ` One column stands for ${group} numbers.` : "";
  const rest = `Orange is above 0, blue below.${several}`;
  const grid = element("div", { class: "tam-strips" });
  const point = (column: number | null) => {
    const [h, w, hw] = rows.map(([, values]) => short(values[column ?? 0]));
    const name =
      group > 1 ? `columns from ${group * (column ?? 0) + 1} on` : `j = ${(column ?? 0) + 1}`;
    said.textContent = column === null ? rest : `${name}: h ${h}, w ${w}, product ${hw}`;
  };
  for (const [name, values] of rows) {
    const strip = strips(values);
    const at = ({ clientX }: PointerEvent) => {
      const { left, width } = strip.getBoundingClientRect();
      const column = Math.floor(((clientX - left) / width) * values.length);
      point(Math.min(values.length - 1, Math.max(0, column)));
    };
    strip.addEventListener("pointermove", at, { signal });
    strip.addEventListener("pointerleave", () => point(null), { signal });
    grid.append(element("span", { text: name }), strip);
  }
  grid.append(element("span", { text: "sum so far" }), growing(terms) as unknown as HTMLElement);
  point(null);
  return [grid, said];
}

function joined(values: ArrayLike<number>, group: number, factor: number): Float64Array {
  const made = new Float64Array(Math.ceil(values.length / group));
  for (let j = 0; j < values.length; j++) made[Math.floor(j / group)] += factor * values[j];
  return made;
}

/** Values as columns in two colours. */
function strips(values: ArrayLike<number>): HTMLCanvasElement {
  const canvas = element("canvas", { class: "tam-values", aria: { hidden: "true" } });
  [canvas.width, canvas.height] = [values.length, 1];
  const context = canvas.getContext("2d");
  const pixels = context?.createImageData(values.length, 1);
  if (!context || !pixels) return canvas;
  const paint = { colormap: "", opacity: 1, threshold: 0, diverging: true };
  const most = peak(Array.from(values, Math.abs));
  colourise(values, most, pixelTable(paint), new Uint32Array(pixels.data.buffer), 128);
  context.putImageData(pixels, 0, 0);
  return canvas;
}

/** The sum of the products up to each place. */
function growing(terms: Float64Array): SVGElement {
  let so = 0;
  const sums = Array.from(terms, (term) => {
    so += term;
    return so;
  });
  const [low, high] = [Math.min(0, ...sums), Math.max(0, ...sums)];
  const y = (value: number) => 6 + ((HEIGHT - 12) * (high - value)) / (high - low || 1);
  const points = sums.map((one, i) => [(WIDTH * (i + 1)) / sums.length, y(one)] as const);
  const zero = svg("path", { class: "tam-plot-axis", d: `M0 ${y(0)}H${WIDTH}` });
  const path = svg("path", { class: "tam-curve-line", d: line([[0, y(0)], ...points]) });
  const end = svg("circle", { class: "tam-dot", cx: WIDTH - 4, cy: y(so), r: 4 });
  return drawing(WIDTH, HEIGHT, `The sum of the products, from 0 to ${short(so)}`, [
    zero,
    path,
    end,
  ]);
}
