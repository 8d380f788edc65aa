/** Regions of a picture that are painted over. */
import { button, type Choice, select } from "../../controls";
import { element } from "../../dom";
import { type Medium, mediaOf } from "../../media";
import type { Rect } from "../../wire";
import type { Place } from "../question";
import { drawnBox } from "./crop";
import { FILLS, type Fill } from "./fills";
import { type Brush, Painter } from "./painter";
import { Painting, painted, type Stroke } from "./painting";
import { type Desk, type Draft, note, row, type Way } from "./way";

const HOW =
  "Paint on the picture. With the keyboard, the arrow keys select a cell of the picture, and the " +
  "space bar adds it.";

export const paintOver: Way = {
  name: "paint",
  button: ["paint over", "Hides a part of the picture from the model"],
  fits: ({ images }) => images.length > 0,
  open: (body, desk) => new PaintOver(body, desk).follow,
};

/** A picture or video of the panel, with the canvas over it. */
interface Covered {
  readonly medium: Medium;
  readonly painter: Painter;
}

class PaintOver {
  readonly #desk: Desk;
  readonly #covered: readonly Covered[];
  readonly #said = note();
  readonly #tools: readonly (readonly [Draft["tool"], HTMLButtonElement])[];
  readonly #size: HTMLElement;
  readonly #output = element("output", { class: "tam-output" });
  readonly #box: HTMLButtonElement;
  readonly #undo: HTMLButtonElement;
  readonly #clear: HTMLButtonElement;

  constructor(body: HTMLElement, desk: Desk) {
    this.#desk = desk;
    const { signal } = desk;
    const made = (text: string, title: string, act: () => void) => button(text, title, act, signal);
    this.#tools = [
      ["brush", made("brush", "Paints with a round brush", () => this.#take("brush"))],
      ["box", made("box", "Draws boxes", () => this.#take("box"))],
    ];
    this.#size = this.#slider();
    this.#box = made("add the drawn box", "Adds the box that is drawn on the picture", () =>
      this.#addBox(),
    );
    this.#undo = made("undo", "Takes the latest change back", () => this.#change("undo"));
    this.#clear = made("clear", "Removes all regions", () => this.#change("clear"));
    const ask = made("ask again", "Asks again with these regions painted over", () => this.#ask());
    this.#said.setAttribute("role", "status");
    const tools = this.#tools.map(([, tool]) => tool);
    body.append(
      row(...tools, this.#size, this.#fills()),
      row(this.#box, this.#undo, this.#clear),
      row(ask, this.#said),
    );
    this.#covered = this.#cover();
    this.#listen(body);
    this.#draw();
  }

  readonly follow = (changed: string): void => {
    if (changed === "frame") this.#paint();
    if (changed === "box") this.#drawBox();
  };

  #cover(): Covered[] {
    const { place, signal } = this.#desk;
    const { opened, index, panel } = place;
    const stages = opened.views[index].element.querySelectorAll<HTMLElement>(".tam-stage");
    return mediaOf(panel.images).map((medium, i) => {
      const stage = stages[i];
      const image = () => this.#inView(medium);
      const events = {
        brush: () => this.#brush(image()),
        add: (mark: Stroke | Rect) => this.#add(image(), mark),
      };
      const painter = new Painter(stage, panel.images[medium.first], events, signal);
      const key = (event: KeyboardEvent) => this.#key(event, stage);
      stage.addEventListener("keydown", key, { signal });
      return { medium, painter };
    });
  }

  /** The picture, or the frame of a video that is in view. */
  #inView({ first, count, isVideo, start }: Medium): number {
    const { frame } = this.#desk.place.opened.store.settings;
    return isVideo ? first + Math.min(count - 1, Math.max(0, frame - start)) : first;
  }

  #brush(image: number): Brush {
    const { tool, fill } = this.#desk.draft;
    return { tool, fill, radius: this.#radius(image) };
  }

  /** In pixels of the image. */
  #radius(image: number): number {
    const { width, height } = this.#desk.place.panel.images[image];
    return Math.max(1, Math.round(this.#desk.draft.radius * Math.min(width, height)));
  }

  get #painting(): Painting | null {
    const { image, paintings } = this.#desk.draft;
    return image === null ? null : (paintings.get(image) ?? null);
  }

  /** Only one picture is changed at a time: the one that was painted on last. */
  #add(image: number, mark: Stroke | Rect): void {
    const { draft } = this.#desk;
    draft.image = image;
    const painting = this.#painting ?? new Painting();
    draft.paintings.set(image, painting);
    painting.add(mark);
    this.#draw();
  }

  #addBox(): void {
    const box = drawnBox(this.#desk.place);
    if (box) this.#add(box.image, box.rect);
  }

  #change(how: "undo" | "clear"): void {
    this.#painting?.[how]();
    this.#draw();
  }

  #take(tool: Draft["tool"]): void {
    this.#desk.draft.tool = tool;
    this.#draw();
  }

  #key(event: KeyboardEvent, stage: HTMLElement): void {
    const box = drawnBox(this.#desk.place);
    if (event.target !== stage || event.key !== " " || !box) return;
    event.preventDefault();
    event.stopPropagation();
    this.#add(box.image, box.rect);
  }

  /** The usual keys take a change back, here and on the pictures. */
  #listen(body: HTMLElement): void {
    const { place, signal } = this.#desk;
    const { opened, index } = place;
    const undo = (event: KeyboardEvent) => {
      const inside = body.contains(event.target as Node) || onStage(event.target);
      if (!inside || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
      event.preventDefault();
      event.stopPropagation();
      this.#change("undo");
    };
    opened.views[index].element.addEventListener("keydown", undo, { signal });
  }

  #ask(): void {
    const painting = this.#painting;
    const { image, fill } = this.#desk.draft;
    if (!painting || painting.empty) this.#said.textContent = "Paint something over first.";
    else {
      const { strokes, boxes } = painting;
      this.#desk.ask({ paint: { image, strokes, boxes, fill } });
    }
  }

  #draw(): void {
    const { tool } = this.#desk.draft;
    for (const [name, made] of this.#tools)
      made.setAttribute("aria-pressed", String(name === tool));
    this.#size.hidden = tool !== "brush";
    this.#output.textContent = `${2 * this.#radius(this.#desk.draft.image ?? 0)} px`;
    this.#undo.disabled = !this.#painting?.undoable;
    this.#clear.disabled = this.#painting?.empty ?? true;
    this.#said.textContent = this.#summary();
    this.#drawBox();
    this.#paint();
  }

  #drawBox(): void {
    this.#box.hidden = drawnBox(this.#desk.place) === null;
  }

  #paint(): void {
    for (const { medium, painter } of this.#covered) {
      const image = this.#inView(medium);
      painter.draw(image === this.#desk.draft.image ? this.#painting : null, String(image));
    }
  }

  #summary(): string {
    const { place, draft } = this.#desk;
    const painting = this.#painting;
    if (draft.image === null || !painting || painting.empty) return HOW;
    const { width, height } = place.panel.images[draft.image];
    const share = 100 * painted(painting, width, height);
    const percent = share < 1 ? "less than 1" : String(Math.round(share));
    return `${percent} % of ${nameOf(place, draft.image)} will be painted over.`;
  }

  #slider(): HTMLElement {
    const { draft, signal } = this.#desk;
    const input = element("input", { aria: { label: "Size of the brush" } });
    const range = { type: "range", min: "0.01", max: "0.25", step: "0.01" };
    Object.assign(input, range, { value: String(draft.radius) });
    input.dataset.lmSuppressShortcuts = "true";
    const fill = () =>
      input.style.setProperty("--tam-filled", String((draft.radius - 0.01) / 0.24));
    const change = () => {
      draft.radius = Number(input.value);
      fill();
      this.#draw();
    };
    input.addEventListener("input", change, { signal });
    fill();
    return element("label", { class: "tam-control", title: "Size of the brush" }, [
      element("span", { class: "tam-label", text: "size" }),
      input,
      this.#output,
    ]);
  }

  #fills(): HTMLElement {
    const { draft, signal } = this.#desk;
    const change = (fill: string) => {
      draft.fill = fill as Fill;
      this.#draw();
    };
    const made = select("With what regions are filled", FILLS as readonly Choice[], change, signal);
    made.show(draft.fill);
    const label = element("span", { class: "tam-label", text: "fill" });
    return element("label", { class: "tam-control" }, [label, made.element]);
  }
}

const onStage = (target: EventTarget | null) =>
  (target as Element | null)?.matches(".tam-stage") ?? false;

/** “the picture”, or which one. */
function nameOf({ panel }: Place, image: number): string {
  const medium = mediaOf(panel.images).findLast(({ first }) => first <= image);
  const which = medium?.name || "the picture";
  return medium?.isVideo ? `frame ${image - medium.first + 1}` : which;
}
