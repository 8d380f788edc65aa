/** Rank Gaussian filter (TAM, arXiv 2506.23270, §3.3): a denoiser that follows local statistics. */

import { always_fits as ALWAYS_FITS, settings } from "../../tam_widgets/contract.json";

/** What a window sees beyond the grid: the grid mirrored, or its border cells repeated. */
export type Border = "reflect" | "repeat";

const BORDER = settings.border.default as Border;

/** Index of a neighbour outside 0..size-1, mirrored at the edge cell (which is not repeated). */
function reflect(index: number, size: number): number {
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const within = ((index % period) + period) % period;
  return within < size ? within : period - within;
}

function repeat(index: number, size: number): number {
  return Math.min(Math.max(index, 0), size - 1);
}

/** Neighbour offsets of every position along one axis: `table[position * kernel + j]`. */
function neighbours(size: number, kernel: number, border: Border): Int32Array {
  const within = border === "repeat" ? repeat : reflect;
  const half = kernel >> 1;
  const table = new Int32Array(size * kernel);
  for (let at = 0; at < size; at++)
    for (let j = 0; j < kernel; j++) table[at * kernel + j] = within(at + j - half, size);
  return table;
}

function insertionSort(values: Float64Array): void {
  for (let i = 1; i < values.length; i++) {
    const value = values[i];
    let j = i - 1;
    for (; j >= 0 && values[j] > value; j--) values[j + 1] = values[j];
    values[j + 1] = value;
  }
}

/** Sorts a window in place: by insertion up to 3 × 3, by the engine's sort above. */
function sortWindow(values: Float64Array): void {
  if (values.length <= 25) insertionSort(values);
  else values.sort();
}

/**
 * Mean of a sorted window, weighted by a Gaussian over the rank whose width is the window's
 * coefficient of variation. A constant window gives its value; a mean of 0 or less gives 0.
 */
export function rankGaussianMean(sorted: Float64Array): number {
  const count = sorted.length;
  const middle = count >> 1;
  if (sorted[0] === sorted[count - 1]) return sorted[0] > 0 ? sorted[0] : 0;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += sorted[i];
  const mean = sum / count;
  if (mean <= 0) return 0;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (sorted[i] - mean) ** 2;
  const twoVariance = (2 * (squares / count)) / (mean * mean);
  let weights = 0;
  let total = 0;
  for (let i = 0; i < count; i++) {
    const weight = Math.exp(-((i - middle) ** 2) / twoVariance);
    weights += weight;
    total += weight * sorted[i];
  }
  return total / weights;
}

/**
 * Largest kernel that a grid takes: its longer side, as a window that exceeds only the shorter one
 * sees rows or columns mirrored repeatedly; the usual 3 fits every grid.
 */
export function largestKernel(rows: number, cols: number): number {
  const side = Math.max(ALWAYS_FITS, rows, cols);
  return side - 1 + (side % 2);
}

/** Throws where a kernel size is not odd and positive, or larger than the grid. */
export function checkKernel(kernel: number, rows: number, cols: number): void {
  if (!Number.isInteger(kernel) || kernel < 1 || kernel % 2 === 0)
    throw new RangeError(`kernel size ${kernel}: expected an odd number from 1`);
  if (kernel > largestKernel(rows, cols))
    throw new RangeError(`kernel size ${kernel} does not fit a grid of ${rows} × ${cols}`);
}

/** Where a grid lies in a map. */
interface Placed {
  readonly rows: number;
  readonly cols: number;
  readonly offset: number;
}

/** The places in a map that the filter's window around a cell covers, row by row. */
export function windowAt(
  cell: number,
  { rows, cols, offset }: Placed,
  kernel: number,
  border: Border = BORDER,
): number[] {
  const [row, col] = [Math.floor((cell - offset) / cols), (cell - offset) % cols];
  const down = neighbours(rows, kernel, border).subarray(row * kernel, (row + 1) * kernel);
  const across = neighbours(cols, kernel, border).subarray(col * kernel, (col + 1) * kernel);
  return [...down].flatMap((y) => [...across].map((x) => offset + y * cols + x));
}

interface FilterOptions {
  readonly border?: Border | undefined;
  /** Where the rows × cols results are written, from `offset`. */
  readonly target?: Float32Array | Float64Array;
  /** Where the grid begins, in `map` and in `target`. */
  readonly offset?: number;
}

/**
 * Filters one grid, for an odd kernel size.
 * @param map values, row by row
 */
export function rankGaussianFilter(
  map: ArrayLike<number>,
  rows: number,
  cols: number,
  kernel: number,
  { border = BORDER, target = new Float32Array(rows * cols), offset = 0 }: FilterOptions = {},
): Float32Array | Float64Array {
  const across = neighbours(cols, kernel, border);
  const down = neighbours(rows, kernel, border);
  const window = new Float64Array(kernel * kernel);
  for (let row = 0; row < rows; row++)
    for (let col = 0; col < cols; col++) {
      let filled = 0;
      for (let j = 0; j < kernel; j++) {
        const line = offset + down[row * kernel + j] * cols;
        for (let i = 0; i < kernel; i++) window[filled++] = map[line + across[col * kernel + i]];
      }
      sortWindow(window);
      target[offset + row * cols + col] = rankGaussianMean(window);
    }
  return target;
}
