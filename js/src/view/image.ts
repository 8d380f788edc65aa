/** One picture of a panel, with its caption. */
import { element } from "../dom";
import type { PlacedGrid } from "../geometry";
import { hasThumbnails, type Layer, layerOf, shownGrids } from "../layer";
import type { Medium } from "../media";
import { textOf } from "../texts";
import type { StoredImage } from "../wire";
import type { Overlay } from "./paint";
import type { Canvas } from "./picture-gestures";
import { Stage } from "./stage";

/** What is shown of a panel's pictures. */
export interface View {
  /** Whether the thumbnail is shown instead of the tiles. */
  readonly thumbnail: boolean;
  /** The frame in view, counted over all videos of the panel. */
  readonly frame: number;
}

/** A picture or a video of a panel. */
export interface PictureView {
  readonly element: HTMLElement;
  /** Index of the image, or of the frame in view, in the panel. */
  readonly image: number;
  readonly name: string;
  /** The canvas that a brush draws on. */
  readonly canvas: Canvas;
  /** Whether the model did not see a part of it. */
  readonly hasUnseen: boolean;
  /** Whether an image of the panel, given by its index, belongs to it. */
  holds(image: number): boolean;
  /** Decodes it; resolves when done. */
  load(signal: AbortSignal): Promise<void>;
  /** Shows a token's map, or none. */
  draw(view: View, overlay: Overlay | null): void;
  /** Goes to another frame; nothing else has changed. */
  showFrame?(view: View): void;
}

export class ImageView implements PictureView {
  readonly element: HTMLElement;
  /** Index of the image in the panel. */
  readonly image: number;
  readonly name: string;
  readonly #stage: Stage;
  readonly #stored: StoredImage;
  readonly #description: string;
  /** Without and with the thumbnail. */
  readonly #layers: readonly [Layer, Layer];

  constructor(
    medium: Medium,
    stored: StoredImage,
    grids: readonly PlacedGrid[],
    description: string,
    signal: AbortSignal,
  ) {
    this.image = medium.first;
    this.name = medium.name || "picture";
    this.#stored = stored;
    this.#description = description;
    const tiles = layerOf(stored, shownGrids(grids, false));
    this.#layers = [tiles, hasThumbnails(grids) ? layerOf(stored, shownGrids(grids, true)) : tiles];
    this.#stage = new Stage(stored, signal);
    this.element = element("figure", { class: "tam-figure" }, [this.#stage.element]);
  }

  holds(image: number): boolean {
    return image === this.image;
  }

  /** The canvas that a brush draws on. */
  get canvas(): Canvas {
    return this.#stage.canvas;
  }

  /** Whether the model did not see a part of the image. */
  get hasUnseen(): boolean {
    return this.#layers[0].unseen.length > 0;
  }

  /** Shows the photo; resolves once it is decoded or replaced by a message. */
  async load(signal: AbortSignal): Promise<void> {
    const { data, mime } = this.#stored;
    const url = URL.createObjectURL(new Blob([data as Uint8Array<ArrayBuffer>], { type: mime }));
    signal.addEventListener("abort", () => URL.revokeObjectURL(url), { once: true });
    const photo = element("img", { class: "tam-photo" });
    photo.alt = this.#description;
    photo.draggable = false;
    photo.src = url;
    try {
      await photo.decode();
      this.#stage.place(photo);
    } catch {
      this.#stage.place(element("p", { class: "tam-note", text: textOf("no_picture") }));
    }
  }

  draw({ thumbnail }: View, overlay: Overlay | null): void {
    this.#stage.draw(this.#layers[Number(thumbnail)], overlay);
  }
}
