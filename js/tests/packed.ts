/** An explorer's data as Python writes it into pages. */
import type { Packed } from "../src/inflate";
import type { Panel } from "../src/wire";
import { deflate } from "./deflate";
import { encode } from "./view/opened";

export async function packed(panel: Panel, settings: Record<string, unknown>): Promise<Packed> {
  const { _header, _buffers } = encode([panel]);
  const buffers = await Promise.all(_buffers.map(deflate));
  return { state: { _header, ...settings }, buffers };
}
