/** Pictures of the panels, decoded as small as they are drawn. */
import type { StoredImage } from "../wire";

const decoded = new WeakMap<StoredImage, Map<number, ImageBitmap | null>>();

/** A decoded picture, null if its bytes are damaged, or undefined if it is not there yet. */
export function known(stored: StoredImage, width: number): ImageBitmap | null | undefined {
  return decoded.get(stored)?.get(width);
}

/** Decodes a picture. */
export async function photo(stored: StoredImage, width: number): Promise<ImageBitmap | null> {
  const found = known(stored, width);
  if (found !== undefined) return found;
  const blob = new Blob([stored.data as Uint8Array<ArrayBuffer>], { type: stored.mime });
  const size = {
    resizeWidth: width,
    resizeHeight: Math.max(1, Math.round((width * stored.height) / stored.width)),
    resizeQuality: "medium" as const,
  };
  const bitmap = await createImageBitmap(blob, size).catch(() => null);
  const sizes = decoded.get(stored) ?? new Map();
  decoded.set(stored, sizes.set(width, bitmap));
  return bitmap;
}
