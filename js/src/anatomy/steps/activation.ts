/** The products of all cells are the activation. */
import { peak } from "../../peak";
import { equation, relu, row, sub } from "../mathml";
import { live, mathNumber } from "../numbers";
import { drawing, line, svg } from "../plot";
import { follow, read, type Step, sentence } from "../step";

const TEXT =
  "The same product for all {cells} cells makes a map: the activation A, also called CAM. Its " +
  "largest value is {max}, the median {median}, the smallest {min}. It is bright where a cell’s " +
  "state points the way of “{word}”. But is it this word alone that lights these cells?";

const [WIDTH, HEIGHT] = [400, 150];

export const activation: Step = {
  name: "activation",
  title: ({ facts }) => `All cells: the activation of “${facts.word}”`,
  show: (lesson, room) => {
    const { activation: values, visual, word } = lesson.facts;
    const sorted = Float32Array.from(values).sort();
    const top = peak(values);
    const numbers = {
      cells: live("cells", visual),
      max: live("max", top),
      median: live("median", sorted[visual >> 1]),
      min: live("min", sorted[0]),
      word,
    };
    room.text.append(...sentence(TEXT, numbers));
    room.equation.append(
      equation([
        sub("A", "v"),
        "=",
        relu(row(sub("h", "v"), "·", "w")),
        ",",
        "v",
        "=",
        "1",
        "…",
        mathNumber("cells", visual),
      ]),
    );
    room.picture.draw({ map: values, end: top, what: "activation A" });
    const x = (rank: number) => (WIDTH * (rank + 0.5)) / visual;
    const y = (value: number) => HEIGHT - 18 - ((HEIGHT - 30) * value) / (top || 1);
    const points = [...sorted].reverse().map((value, rank) => [x(rank), y(value)] as const);
    const mark = svg("circle", { class: "tam-dot", r: 5 });
    room.figure.append(
      drawing(WIDTH, HEIGHT, "The activations of all cells, from the largest to the smallest", [
        svg("path", { class: "tam-plot-axis", d: `M0 ${y(0)}H${WIDTH}` }),
        svg("path", { class: "tam-curve-line", d: line(points) }),
        mark,
        svg("text", { x: WIDTH, y: 12, "text-anchor": "end" }, "activation A"),
        svg("text", { x: 0, y: HEIGHT - 3 }, "strongest cell"),
        svg("text", { x: WIDTH, y: HEIGHT - 3, "text-anchor": "end" }, "weakest cell"),
      ]),
    );
    follow(lesson, room, () => {
      const value = values[lesson.cell];
      read(room, lesson, ["A = ", live("activation", value, lesson.cell)]);
      const rank = visual - 1 - sorted.lastIndexOf(value);
      mark.setAttribute("cx", String(x(rank)));
      mark.setAttribute("cy", String(y(value)));
    });
  },
};
