/** A video: one frame at a time under its map, with a scrubber below. */
import { element } from "../dom";
import type { PlacedGrid } from "../geometry";
import { gridsOn, type Layer, layerOf, shownGrids } from "../layer";
import type { Medium } from "../media";
import { decodedScale, stay, strengths } from "../video-frames";
import type { StoredImage } from "../wire";
import type { PictureView, View } from "./image";
import type { Overlay } from "./paint";
import type { Canvas } from "./picture-gestures";
import { Player } from "./player";
import { Scrubber } from "./scrubber";
import { Stage } from "./stage";

export class VideoView implements PictureView {
  readonly element: HTMLElement;
  readonly #medium: Medium;
  readonly #frames: readonly StoredImage[];
  readonly #grids: readonly PlacedGrid[];
  /** The layers of every frame, without and with the thumbnail. */
  readonly #layers: readonly (readonly [Layer, Layer])[];
  readonly #stage: Stage;
  readonly #scrubber: Scrubber;
  readonly #player: Player;
  readonly #photo = element("canvas", { class: "tam-photo", role: "img" });
  readonly #bitmaps: ImageBitmap[] = [];
  readonly #go: (frame: number) => void;
  #overlay: Overlay | null = null;
  #thumbnail = false;
  #frame = 0;

  /**
   * @param images of the whole panel
   * @param grids of the whole panel
   * @param go requests a frame of this video
   */
  constructor(
    medium: Medium,
    images: readonly StoredImage[],
    grids: readonly PlacedGrid[],
    description: string,
    go: (frame: number) => void,
    signal: AbortSignal,
  ) {
    const { first, count } = medium;
    this.#medium = medium;
    this.#frames = images.slice(first, first + count);
    this.#grids = grids.filter(({ image }) => image >= first && image < first + count);
    this.#layers = this.#frames.map((_, i) => this.#layersOf(i));
    this.#go = go;
    this.#photo.setAttribute("aria-label", description);
    this.#stage = new Stage(this.#frames[0], signal);
    const times = this.#frames.map(({ time = null }) => time);
    this.#scrubber = new Scrubber(medium.name, times, this.#events(), signal);
    this.element = element("figure", { class: "tam-figure tam-video" }, [this.#stage.element]);
    if (count > 1) this.element.append(this.#scrubber.element);
    const mark = () => this.#scrubber.mark(this.#player.playing);
    this.#player = new Player(this.element, () => this.#step(), mark, signal);
    mark();
  }

  #layersOf(frame: number): readonly [Layer, Layer] {
    const image = this.#medium.first + frame;
    const grids = gridsOn(this.#grids, image);
    const of = (thumbnail: boolean) => layerOf(this.#frames[frame], shownGrids(grids, thumbnail));
    return [of(false), of(true)];
  }

  #events() {
    const go = (frame: number) => {
      this.#player.pause();
      this.#go(frame);
    };
    return { go, togglePlay: () => this.#togglePlay() };
  }

  /** Index of the current frame among the panel's images. */
  get image(): number {
    return this.#medium.first + this.#frame;
  }

  /** Whether an image of the panel, given by its index, is a frame of this video. */
  holds(image: number): boolean {
    return this.#medium.first <= image && image < this.#medium.first + this.#medium.count;
  }

  /** The canvas that a brush draws on. */
  get canvas(): Canvas {
    return this.#stage.canvas;
  }

  get name(): string {
    return this.#medium.name || "video";
  }

  get hasUnseen(): boolean {
    return this.#layers.some(([{ unseen }]) => unseen.length > 0);
  }

  /** Decodes all frames once; resolves when done. */
  async load(signal: AbortSignal): Promise<void> {
    this.#stage.place(this.#photo);
    const found = await Promise.all(this.#frames.map((frame, i) => this.#decode(frame, i, signal)));
    const lost = found.filter((decoded) => !decoded).length;
    if (lost > 0)
      this.element.append(
        element("p", { class: "tam-note", text: `${lost} frames cannot be shown.` }),
      );
  }

  async #decode(frame: StoredImage, i: number, signal: AbortSignal): Promise<boolean> {
    const { data, mime, width, height } = frame;
    const scale = decodedScale(width, height, this.#frames.length);
    const size = {
      resizeWidth: Math.ceil(width * scale),
      resizeHeight: Math.ceil(height * scale),
      resizeQuality: "medium" as const,
    };
    const blob = new Blob([data as Uint8Array<ArrayBuffer>], { type: mime });
    try {
      const bitmap = await createImageBitmap(blob, scale < 1 ? size : {});
      signal.addEventListener("abort", () => bitmap.close(), { once: true });
      this.#bitmaps[i] = bitmap;
    } catch {
      return false;
    }
    if (i === this.#frame) this.#showPhoto();
    return true;
  }

  /** Shows a token's map, or none, on the current frame. */
  draw(view: View, overlay: Overlay | null): void {
    this.#overlay = overlay;
    this.#thumbnail = view.thumbnail;
    const { first, count } = this.#medium;
    const grids = shownGrids(this.#grids, view.thumbnail);
    const values = overlay && strengths(overlay.map, grids, first, count);
    this.#scrubber.measure(values, overlay?.end ?? 0);
    if (this.#take(view.frame)) this.#showPhoto();
    this.#show();
  }

  /** Goes to the view's frame if it belongs to this video. */
  showFrame({ frame }: View): void {
    if (!this.#take(frame)) return;
    this.#showPhoto();
    this.#show();
  }

  #take(frame: number): boolean {
    const own = frame - this.#medium.start;
    if (own === this.#frame || own < 0 || own >= this.#frames.length) return false;
    this.#frame = own;
    return true;
  }

  #show(): void {
    this.element.dataset.frame = String(this.#frame);
    this.#scrubber.show(this.#frame);
    this.#stage.draw(this.#layers[this.#frame][Number(this.#thumbnail)], this.#overlay);
  }

  #showPhoto(): void {
    const bitmap = this.#bitmaps[this.#frame];
    const context = this.#photo.getContext("2d");
    if (!context) return;
    context.clearRect(0, 0, this.#photo.width, this.#photo.height);
    if (!bitmap) return;
    const { width, height } = bitmap;
    if (this.#photo.width !== width || this.#photo.height !== height)
      Object.assign(this.#photo, { width, height });
    context.drawImage(bitmap, 0, 0);
  }

  #togglePlay(): void {
    if (this.#player.playing) {
      this.#player.pause();
      return;
    }
    if (this.#frame === this.#frames.length - 1) this.#go(0);
    this.#player.play(this.#stay());
  }

  /** Shows the next frame; null after the last. */
  #step(): number | null {
    if (this.#frame === this.#frames.length - 1) return null;
    this.#go(this.#frame + 1);
    return this.#stay();
  }

  #stay(): number {
    const [frame, next] = [this.#frames[this.#frame], this.#frames[this.#frame + 1]];
    return stay(frame.time ?? null, next?.time ?? null);
  }
}
