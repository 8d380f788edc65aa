/** The pictures and videos of a panel, laid out in the prompt's order. */
import { decimal, element } from "../dom";
import type { PlacedGrid } from "../geometry";
import { frameCount, type Medium, mediaOf } from "../media";
import type { Panel } from "../wire";
import { ImageView, type PictureView, type View } from "./image";
import type { Overlay } from "./paint";
import type { VideoView } from "./video";

export class Pictures {
  readonly element: HTMLElement;
  readonly views: readonly PictureView[];
  readonly #frames: number;

  /**
   * @param go requests a frame, counted over all videos of the panel
   * @param Video shows videos; not needed where there are none
   */
  constructor(
    panel: Panel,
    grids: readonly PlacedGrid[],
    go: (frame: number) => void,
    Video: typeof VideoView | null,
    signal: AbortSignal,
  ) {
    const media = mediaOf(panel.images);
    this.views = media.map((medium) => {
      const own = (frame: number) => go(medium.start + frame);
      const said = description(panel, medium, media.length);
      const view =
        medium.isVideo && Video
          ? new Video(medium, panel.images, grids, said, own, signal)
          : new ImageView(medium, panel.images[medium.first], ofImage(grids, medium), said, signal);
      label(view.element, panel, medium, grids);
      return view;
    });
    this.#frames = frameCount(media);
    const figures = this.views.map((view) => view.element);
    this.element = element("div", { class: "tam-images" }, figures);
    this.element.classList.toggle("tam-several", figures.length > 1);
    const [{ width, height } = { width: 1, height: 1 }] = panel.images;
    this.element.style.setProperty("--tam-aspect", String(width / height));
  }

  /** Whether the model did not see a part of some picture. */
  get hasUnseen(): boolean {
    return this.views.some((view) => view.hasUnseen);
  }

  /** Resolves when all pictures are decoded. */
  async load(signal: AbortSignal): Promise<void> {
    await Promise.all(this.views.map((view) => view.load(signal)));
  }

  draw(view: View, overlay: Overlay | null): void {
    for (const picture of this.views) picture.draw(this.#clamped(view), overlay);
  }

  /** Goes to another frame; nothing else has changed. */
  showFrame(view: View): void {
    for (const picture of this.views) picture.showFrame?.(this.#clamped(view));
  }

  /** Falls back to the last frame if another panel has more. */
  #clamped({ thumbnail, frame }: View): View {
    return { thumbnail, frame: Math.min(frame, this.#frames - 1) };
  }
}

const ofImage = (grids: readonly PlacedGrid[], { first }: Medium) =>
  grids.filter(({ image }) => image === first);

/** The description of a picture for screen readers. */
function description(
  { images, title }: Panel,
  { first, count, isVideo, name }: Medium,
  all: number,
) {
  const kind = isVideo ? `Video of ${count} frames` : "Picture";
  const { width, height } = images[first];
  const number = all > 1 ? `, ${name} of the prompt` : "";
  return `${kind}, ${width} × ${height} pixels, that ${title} answered about${number}`;
}

/** Sets a figure's aspect ratio, and its caption if there are several. */
function label(
  figure: HTMLElement,
  { images }: Panel,
  medium: Medium,
  grids: readonly PlacedGrid[],
): void {
  const { width, height } = images[medium.first];
  figure.style.setProperty("--tam-aspect", String(width / height));
  const time = medium.isVideo ? null : ofImage(grids, medium)[0]?.time;
  const seconds = time ? `${decimal(time[0], 1)}–${decimal(time[1], 1)} s` : "";
  const text = [medium.name, seconds].filter(Boolean).join(" · ");
  if (text) figure.prepend(element("figcaption", { text }));
}
