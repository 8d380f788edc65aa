/** Only a part of a picture. */
import { button } from "../../controls";
import { boxIn } from "../../state/store";
import type { Rect } from "../../wire";
import type { Place } from "../question";
import { note, row, type Way } from "./way";

/** The box in this panel, and the image that it lies on. */
export function drawnBox({ opened, index }: Place): { image: number; rect: Rect } | null {
  return boxIn(opened.store.settings, index, opened.twinImage);
}

export const crop: Way = {
  name: "crop",
  button: ["crop", "Shows the model only a part of the picture"],
  fits: ({ images }) => images.length > 0,
  open: (body, { place, ask, signal }) => {
    const said = note();
    const act = () => {
      const box = drawnBox(place);
      if (box) ask({ crop: { image: box.image, box: box.rect } });
    };
    const go = button(
      "crop and ask again",
      "Asks again with the part in the box only",
      act,
      signal,
    );
    body.append(said, row(go));
    const draw = () => {
      const box = drawnBox(place);
      go.hidden = box === null;
      said.textContent = box ? measured(place, box.image, box.rect) : HOW;
    };
    draw();
    return (changed) => {
      if (changed === "box") draw();
    };
  },
};

const HOW =
  "Draw a box on the picture: drag over it, or hold a finger and drag. With the keyboard, the arrow " +
  "keys select a cell of the picture, and with Shift a box.";

function measured({ panel }: Place, image: number, [left, top, right, bottom]: Rect): string {
  const { width, height } = panel.images[image];
  const size = `${Math.ceil(right) - Math.floor(left)} × ${Math.ceil(bottom) - Math.floor(top)}`;
  return `What lies in the box remains: ${size} of ${width} × ${height} pixels.`;
}
