/** The residual and the relevances of the context share one scale. */
import { peak } from "../../peak";
import { equation, frac, hat, row } from "../mathml";
import { live, mathNumber, show } from "../numbers";
import { drawing, svg } from "../plot";
import { follow, read, type Step, sentence } from "../step";

const TEXT =
  "A word that the picture says little about must not get a bright map. So the residual is not " +
  "stretched to its own maximum, but scaled together with the relevances of the context: the " +
  "largest of all, {high}, becomes 1, and the smallest, {low}, becomes 0. {whose} The strongest " +
  "cell becomes {max}.";

const PICTURE = "Here the largest is a cell’s.";
const CONTEXT = "Here the largest is that of “{word}”.";

const [WIDTH, HEIGHT] = [400, 132];
const [LEFT, RIGHT] = [10, 390];

export const normalisation: Step = {
  name: "one scale",
  title: () => "One scale for picture and text",
  show: (lesson, room) => {
    const { facts } = lesson;
    const { residual, counted, normalised, low, high } = facts;
    const [picture, text] = [peak(residual), peak(counted)];
    const word = facts.text(Math.max(0, counted.indexOf(text)));
    room.text.append(
      ...sentence(TEXT.replace("{whose}", picture >= text ? PICTURE : CONTEXT), {
        high: live("high", high),
        low: live("low", low),
        max: live("max", peak(normalised)),
        word,
      }),
    );
    room.picture.draw({ map: normalised, end: 1, what: "normalised residual" });
    const x = (value: number) => LEFT + ((RIGHT - LEFT) * (value - low)) / (high - low || 1);
    const now = svg("path", { class: "tam-tick tam-tick-now" });
    const ticks = (values: ArrayLike<number>, top: number) => {
      const d = Array.from(values, (value) => `M${x(value).toFixed(1)} ${top}v22`).join("");
      return svg("path", { class: "tam-tick", d });
    };
    const name = { class: "tam-plot-name", x: LEFT };
    room.figure.append(
      drawing(WIDTH, HEIGHT, "Residuals of the cells and relevances of the context on one axis", [
        svg("text", { ...name, y: 14 }, "cells"),
        ticks(residual, 20),
        now,
        svg("text", { ...name, y: 60 }, `earlier tokens, the largest “${word}”`),
        ticks(counted, 66),
        svg("path", { class: "tam-plot-axis", d: `M${LEFT} 98H${RIGHT}` }),
        show(svg("text", { x: LEFT, y: 112 }), "low", low),
        show(svg("text", { x: RIGHT, y: 112, "text-anchor": "end" }), "high", high),
        svg("text", { x: LEFT, y: 128 }, "becomes 0"),
        svg("text", { x: RIGHT, y: 128, "text-anchor": "end" }, "becomes 1"),
      ]),
    );
    follow(lesson, room, () => {
      const { cell } = lesson;
      const value = residual[cell];
      read(room, lesson, ["normalised ", live("normalised", normalised[cell], cell)]);
      now.setAttribute("d", `M${x(value).toFixed(1)} 17v28`);
      const start = [hat("C"), "=", frac(row("C", "−", "low"), row("high", "−", "low"))] as const;
      const numbers = frac(
        row(mathNumber("residual", value, cell), "−", mathNumber("low", low)),
        row(mathNumber("high", high), "−", mathNumber("low", low)),
      );
      const result = mathNumber("normalised", normalised[cell], cell);
      room.equation.replaceChildren(equation([...start, "=", numbers, "=", result]));
    });
  },
};
