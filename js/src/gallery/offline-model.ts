/** A gallery's model without a kernel: it answers from what the page has in it. */
import { bundledPart } from "../bundled-parts";
import { localModel } from "../local-model";
import type { PartName } from "../parts";
import type { Explorer, GalleryModel, Request, Wanted } from "./messages";
import { placed } from "./packed";
import type { PageData } from "./page-data";
import type { GallerySettings } from "./settings";

type Hear = (content: object, buffers: readonly Uint8Array[]) => void;

export async function offlineModel(page: PageData, explorer: Explorer): Promise<GalleryModel> {
  const { traits, choices } = page.state;
  const runs = choices[0];
  const listing = JSON.stringify((await page.listing(0)).content);
  const model = localModel({ ...traits, runs, _listing: listing });
  return new OfflineModel(page, explorer, model);
}

class OfflineModel implements GalleryModel {
  readonly #page: PageData;
  readonly #explorer: Explorer;
  readonly #model: ReturnType<typeof localModel>;
  readonly #hearers = new Set<Hear>();
  /** The choice of runs that is shown. */
  #choice = 0;

  constructor(page: PageData, explorer: Explorer, model: ReturnType<typeof localModel>) {
    this.#page = page;
    this.#explorer = explorer;
    this.#model = model;
  }

  get = (name: string) => this.#model.get(name);
  save_changes = () => {};

  set = (name: string, value: unknown) => {
    this.#model.set(name, value);
    if (name === "selection") this.#attempt("open", this.#open());
    if (name === "runs") this.#attempt("runs", this.#choose(value as GallerySettings["runs"]));
  };

  on = (event: string, callback: (...values: never[]) => void) => {
    if (event === "msg:custom") this.#hearers.add(callback as unknown as Hear);
    else this.#model.on(event, callback as () => void);
  };

  off = (event: string, callback: (...values: never[]) => void) => {
    this.#hearers.delete(callback as unknown as Hear);
    this.#model.off(event, callback as () => void);
  };

  send = (content: unknown) => {
    const request = content as Request;
    const { kind } = request;
    if (kind === "pictures")
      for (const one of request.samples) this.#attempt(kind, this.#card(one));
    else if (kind === "open") this.#attempt(kind, this.#open());
    else if (kind === "explorer") this.#say({ kind, module: this.#explorer });
    else if (kind === "answers") this.#attempt(kind, this.#answers(request.ids));
    else if (kind === "part") this.#attempt(kind, this.#part(request.name));
  };

  #say(content: object, buffers: readonly Uint8Array[] = []): void {
    for (const hear of this.#hearers) hear(content, buffers);
  }

  #attempt(about: string, work: Promise<void>): void {
    work.catch((error) => this.#say({ kind: "refused", about, message: `${error}` }));
  }

  async #part(name: PartName): Promise<void> {
    this.#say({ kind: "part", name, module: await bundledPart(name) });
  }

  async #card([id, ...focus]: Wanted): Promise<void> {
    const choice = this.#choice;
    const { content, buffers } = await this.#page.card(id);
    const { entries, buffers: own } = content.choices[choice];
    const samples = [entries[focus.join(",")]];
    if (choice === this.#choice) this.#say({ kind: "pictures", samples }, placed(own, buffers));
  }

  /** What was answered stands with each card, whatever noun is in focus. */
  async #answers(ids: readonly string[]): Promise<void> {
    const choice = this.#choice;
    const samples = await Promise.all(
      ids.map(async (id) => {
        const { content } = await this.#page.card(id);
        const [{ runs }] = Object.values(content.choices[choice].entries);
        return { id, runs: runs.map((run) => run?.answer ?? null) };
      }),
    );
    this.#say({ kind: "answers", samples });
  }

  async #open(): Promise<void> {
    const id = (this.#model.get("selection") as readonly string[]).at(-1);
    if (id === undefined) return;
    const choice = this.#choice;
    const [card, { content, buffers }] = await Promise.all([
      this.#page.card(id),
      this.#page.explanation(id),
    ]);
    const opened = content.choices[choice];
    const { header, buffers: own } = content.headers[opened.header ?? -1] ?? { header: null };
    if (choice !== this.#choice) return;
    this.#say({ kind: "sample", ...opened, header }, placed(own ?? [], buffers, card.buffers));
  }

  async #choose(runs: GallerySettings["runs"]): Promise<void> {
    const wanted = JSON.stringify(runs);
    const choice = this.#page.state.choices.findIndex((one) => JSON.stringify(one) === wanted);
    const { content } = await this.#page.listing(choice);
    this.#choice = choice;
    this.#model.set("_listing", JSON.stringify(content));
    await this.#open();
  }
}
