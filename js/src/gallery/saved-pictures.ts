/** Pictures of the first samples, which a notebook keeps for readers without a kernel. */
import { type Buffer, bytes } from "../wire";
import type { Answer, GalleryModel, Wanted } from "./messages";
import { decodeThumbnail, type Thumbnails } from "./thumbnails";

/** As `tam_widgets/views/gallery/saved_pictures.py` makes it. */
type Entry = Answer<"pictures">["samples"][number] & {
  /** The nouns in focus. */
  readonly nouns: readonly number[];
  readonly buffers: readonly number[];
};

export class SavedPictures {
  readonly #model: GalleryModel;
  #entries = new Map<string, Entry>();
  #buffers: readonly Buffer[] = [];
  readonly #decoded = new Map<string, Thumbnails>();

  constructor(model: GalleryModel) {
    this.#model = model;
    this.read();
  }

  /** Number of samples that have some. */
  get count(): number {
    return this.#entries.size;
  }

  /** Takes what the model has now. */
  read(): void {
    const text = this.#model.get("_pictures") as string | undefined;
    const { samples = [] } = JSON.parse(text || "{}") as { samples?: readonly Entry[] };
    this.#entries = new Map(samples.map((entry) => [entry.id, entry]));
    this.#buffers = (this.#model.get("_picture_buffers") ?? []) as readonly Buffer[];
    this.#decoded.clear();
  }

  /** A sample's pictures; without maps if those in it are of other nouns. */
  of([id, ...nouns]: Wanted): Thumbnails | undefined {
    const entry = this.#entries.get(id);
    if (!entry) return undefined;
    const same = entry.nouns.join() === nouns.join();
    const key = `${id}\n${same}`;
    const known = this.#decoded.get(key) ?? this.#decode(entry, same);
    this.#decoded.set(key, known);
    return known;
  }

  #decode({ runs, buffers }: Entry, maps: boolean): Thumbnails {
    const own = buffers.map((place) => bytes(this.#buffers[place]));
    return runs.map((run) => {
      const thumbnail = run && decodeThumbnail(run, own);
      return thumbnail && !maps ? { ...thumbnail, map: null } : thumbnail;
    });
  }
}
