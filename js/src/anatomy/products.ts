/** Hidden states of some cells and the row of the classifier, as Python sends them. */

interface Packed {
  readonly token: number;
  readonly cells: readonly number[];
  /** What each cell is. */
  readonly names: readonly string[];
  readonly size: number;
  readonly states: string;
  readonly row: string;
}

/** As `tam_widgets/views/questions/products.py` writes them. */
export class Products {
  readonly token: number;
  readonly cells: readonly number[];
  readonly names: readonly string[];
  readonly size: number;
  readonly row: Float32Array;
  readonly #states: Float32Array;

  constructor({ token, cells, names, size, states, row }: Packed) {
    this.token = token;
    this.cells = cells;
    this.names = names;
    this.size = size;
    this.row = floats(row);
    this.#states = floats(states);
  }

  /** The state of one of the cells. */
  state(number: number): Float32Array {
    return this.#states.subarray(number * this.size, (number + 1) * this.size);
  }

  /** Its products with the row, whose sum is the activation where it is positive. */
  terms(number: number): Float64Array {
    return Float64Array.from(this.state(number), (value, j) => value * this.row[j]);
  }
}

export const unpacked = (packed: unknown) => new Products(packed as Packed);

function floats(base64: string): Float32Array {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}
