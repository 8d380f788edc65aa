/** How well a drawing predicts a map; `tam_widgets/views/exercises/score.py` has the same numbers. */
import { agreement } from "../../../tam_widgets/contract.json";

/** Each 0 to 1. */
export interface DrawingScore {
  /** Share of the map's sum that lies in the drawn cells. */
  readonly weight: number;
  /** Share of the cells that were drawn. */
  readonly drawn: number;
  /** Intersection over union of the drawn cells and those with at least half of the maximum. */
  readonly overlap: number;
}

/**
 * The cells with at least half of the map’s largest value.
 * @param cells indices of all cells that can be drawn
 */
export function brightCells(map: Float32Array, cells: readonly number[]): Set<number> {
  const from = agreement.area_from * Math.max(...cells.map((cell) => map[cell]));
  return new Set(cells.filter((cell) => map[cell] >= from));
}

/**
 * @param cells indices of all cells that can be drawn
 * @param drawn some of them
 */
export function scoreOf(
  map: Float32Array,
  cells: readonly number[],
  drawn: readonly number[],
): DrawingScore {
  const [marked, bright] = [new Set(drawn), brightCells(map, cells)];
  const [own, area] = [(cell: number) => marked.has(cell), (cell: number) => bright.has(cell)];
  const sum = (some: readonly number[]) => some.reduce((total, cell) => total + map[cell], 0);
  const count = (fits: (cell: number) => boolean) => cells.filter(fits).length;
  return {
    weight: sum(cells.filter(own)) / sum(cells),
    drawn: count(own) / cells.length,
    overlap: count((cell) => own(cell) && area(cell)) / count((cell) => own(cell) || area(cell)),
  };
}
