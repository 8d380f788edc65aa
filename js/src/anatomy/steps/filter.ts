/** One window of the rank Gaussian filter, opened. */
import { settings } from "../../../../tam_widgets/contract.json";
import { button } from "../../controls";
import { element } from "../../dom";
import { peak } from "../../peak";
import { windowAt } from "../../rank-gaussian";
import { equation, row, sub, sum, sup, within } from "../mathml";
import { live, mathNumber, show } from "../numbers";
import { drawing, svg } from "../plot";
import { follow, type Lesson, read, type Step, sentence } from "../step";

const TEXT =
  "The filter sorts the nine values of a cell and its neighbours, and averages them under a bell " +
  "around the middle one. Its width ρ is their deviation divided by their mean. Here {before} " +
  "becomes {after}. Bright cells among dark ones are dimmed, be they noise or a small thing that " +
  "the word rests on.";

const KERNEL = settings.kernel_size.default;

const [WIDTH, HEIGHT] = [400, 154];
const [TOP, FLOOR, BELL] = [17, 76, 134];

/** What the filter computes of one window. */
interface Window {
  readonly values: readonly number[];
  readonly weights: readonly number[];
  readonly mean: number;
  readonly deviation: number;
  readonly spread: number;
}

export const filter: Step = {
  name: "filter",
  title: () => "A cell and its neighbours",
  show: (lesson, room) => {
    const { facts } = lesson;
    let filtered = true;
    const toggles = [false, true].map((after) => {
      const text = after ? "after the filter" : "before";
      return button(text, "", () => turn(after), room.signal);
    });
    const turn = (after: boolean) => {
      filtered = after;
      toggles.forEach((one, i) => {
        one.setAttribute("aria-pressed", String(Boolean(i) === after));
      });
      const map = after ? facts.map : facts.normalised;
      room.picture.draw({
        map,
        end: peak(facts.normalised) || 1,
        what: after ? "map of TAM" : "before the filter",
      });
    };
    room.control.append(...toggles);
    turn(filtered);
    follow(
      lesson,
      room,
      () => {
        const { cell } = lesson;
        const found = opened(lesson);
        const [before, after] = [facts.normalised[cell], facts.map[cell]];
        read(room, lesson, [
          live("normalised", before, cell),
          " becomes ",
          live("map", after, cell),
        ]);
        room.text.replaceChildren(
          ...sentence(TEXT, {
            before: live("before", before),
            after: live("after", after),
          }),
        );
        room.equation.replaceChildren(bell(found, after));
        room.figure.replaceChildren(
          element("div", { class: "tam-opened" }, [
            window3(lesson),
            sorted(found, after) as unknown as HTMLElement,
          ]),
        );
        // beyond the border the window repeats cells
        room.picture.mark([...new Set([cell, ...windowAt(cell, facts.gridOf(cell), KERNEL)])]);
        mark(room.figure, cell);
      },
      facts.mostFiltered,
    );
  },
};

/** Tells tests of which cell the numbers are. */
function mark(figure: HTMLElement, cell: number): void {
  figure.dataset.cell = String(cell);
}

function opened({ facts, cell }: Lesson): Window {
  const places = windowAt(cell, facts.gridOf(cell), KERNEL);
  const values = places.map((place) => facts.normalised[place]).sort((a, b) => a - b);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const deviation = Math.sqrt(
    values.reduce((all, value) => all + (value - mean) ** 2, 0) / values.length,
  );
  const spread = mean > 0 ? deviation / mean : 0;
  const middle = values.length >> 1;
  const own = values.map((_, j) =>
    spread > 0 ? Math.exp(-((j - middle) ** 2) / (2 * spread ** 2)) : Number(j === middle),
  );
  const total = own.reduce((a, b) => a + b, 0);
  return { values, weights: own.map((weight) => weight / total), mean, deviation, spread };
}

function bell({ mean, deviation, spread }: Window, after: number): HTMLElement {
  const above = sup(within("i", "−", "4"), "2");
  const power = row("−", above, "/", "2", sup("ρ", "2"));
  const average = [sum("i"), sub("g", "i"), sub("x", "i"), "=", mathNumber("after", after)];
  const quotient = [mathNumber("deviation", deviation), "/", mathNumber("mean", mean)];
  const result = mathNumber("spread", spread);
  return equation(
    [sub("g", "i"), "∝", row("exp", within(power)), ",", ...average],
    ["ρ", "=", row(...quotient), "=", result],
  );
}

/** The nine values where they are. */
function window3({ facts, cell }: Lesson): HTMLElement {
  const places = windowAt(cell, facts.gridOf(cell), KERNEL);
  const most = peak(facts.normalised) || 1;
  const cells = places.map((place, i) => {
    const one = element("span", { class: "tam-window-cell" }, [
      live("normalised", facts.normalised[place], place),
    ]);
    one.style.setProperty("--tam-share", String(facts.normalised[place] / most));
    one.classList.toggle("tam-centre", i === places.length >> 1);
    return one;
  });
  return element("div", { class: "tam-window" }, cells);
}

/** The values in order, as bars, and below each its weight. */
function sorted({ values, weights }: Window, after: number): SVGElement {
  const top = Math.max(...values, after) || 1;
  const y = (value: number) => FLOOR - (FLOOR - TOP) * (value / top);
  const step = WIDTH / values.length;
  const heaviest = Math.max(...weights);
  const bars = values.flatMap((value, j) => {
    const [x, middle] = [j * step + 4, (j + 0.5) * step];
    const high = (BELL - FLOOR - 36) * (weights[j] / heaviest);
    return [
      svg("rect", {
        class: "tam-bar-value",
        x,
        y: y(value),
        width: step - 8,
        height: FLOOR - y(value),
      }),
      show(svg("text", { x: middle, y: FLOOR + 14, "text-anchor": "middle" }), "value", value, j),
      svg("rect", { class: "tam-bar-weight", x, y: BELL - high, width: step - 8, height: high }),
      weighed(svg("text", { x: middle, y: BELL + 14, "text-anchor": "middle" }), weights[j], j),
    ];
  });
  return drawing(WIDTH, HEIGHT, "The nine values in order, and the weight of each", [
    svg("path", { class: "tam-plot-axis", d: `M0 ${FLOOR}H${WIDTH}M0 ${BELL}H${WIDTH}` }),
    ...bars,
    svg("path", { class: "tam-mark-line", d: `M0 ${y(after)}H${WIDTH}` }),
    svg("text", { class: "tam-plot-name", x: 0, y: 11 }, "values x in order; dashed: the result"),
    svg("text", { class: "tam-plot-name", x: 0, y: FLOOR + 32 }, "weights g"),
  ]);
}

/** A weight with two decimals, since nine of them stand side by side. */
function weighed(made: SVGElement, weight: number, j: number): SVGElement {
  show(made, "weight", weight, j).textContent = weight.toFixed(2);
  return made;
}
