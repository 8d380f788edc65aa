/** Smooth enlargement of a map between the centres of its cells (Catmull-Rom, no overshoot). */

interface Taps {
  readonly index: Int32Array;
  readonly weight: Float32Array;
}

/** Four neighbours and weights of every fine position; cells repeat beyond the edge. */
function taps(size: number, factor: number): Taps {
  const count = size * factor;
  const index = new Int32Array(4 * count);
  const weight = new Float32Array(4 * count);
  for (let i = 0; i < count; i++) {
    const at = (i + 0.5) / factor - 0.5;
    const base = Math.floor(at);
    const t = at - base;
    const weights = [
      ((2 - t) * t - 1) * t * 0.5,
      ((3 * t - 5) * t * t + 2) * 0.5,
      ((4 - 3 * t) * t + 1) * t * 0.5,
      (t - 1) * t * t * 0.5,
    ];
    for (let j = 0; j < 4; j++) {
      index[4 * i + j] = Math.min(size - 1, Math.max(0, base + j - 1));
      weight[4 * i + j] = weights[j];
    }
  }
  return { index, weight };
}

function enlargeRows(map: Float32Array, rows: number, cols: number, across: Taps): Float32Array {
  const width = across.index.length / 4;
  const wide = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++)
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let j = 4 * x; j < 4 * x + 4; j++)
        sum += across.weight[j] * map[row * cols + across.index[j]];
      wide[row * width + x] = sum;
    }
  return wide;
}

/** A rows × cols map, `factor` times finer in both directions, with the range of the map and 0. */
export function enlarge(
  map: Float32Array,
  rows: number,
  cols: number,
  factor: number,
): Float32Array {
  const width = cols * factor;
  const wide = enlargeRows(map, rows, cols, taps(cols, factor));
  const { index, weight } = taps(rows, factor);
  let [floor, ceiling] = [0, 0];
  for (let i = 0; i < map.length; i++) {
    if (map[i] > ceiling) ceiling = map[i];
    if (map[i] < floor) floor = map[i];
  }
  const fine = new Float32Array(width * rows * factor);
  for (let y = 0; y < rows * factor; y++) {
    const [a, b, c, d] = [0, 1, 2, 3].map((j) => index[4 * y + j] * width);
    const [p, q, r, s] = [0, 1, 2, 3].map((j) => weight[4 * y + j]);
    for (let x = 0; x < width; x++) {
      const value = p * wide[a + x] + q * wide[b + x] + r * wide[c + x] + s * wide[d + x];
      fine[y * width + x] = value < floor ? floor : value > ceiling ? ceiling : value;
    }
  }
  return fine;
}
