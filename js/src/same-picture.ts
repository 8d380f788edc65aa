/** Pictures that several panels show: what is done on one is mirrored on the others. */
import type { StoredImage } from "./wire";

/**
 * Index, among the images of another panel, of the same picture; −1 if there is none. Pictures are
 * the same if their stored bytes, which are decoded once, and their full sizes are equal. Where one
 * occurs several times, the first belongs to the first, the second to the second.
 */
export function twinImage(
  images: readonly StoredImage[],
  image: number,
  others: readonly StoredImage[],
): number {
  const { data, width, height } = images[image];
  const places = (all: readonly StoredImage[]) =>
    all.flatMap((one, i) =>
      one.data === data && one.width === width && one.height === height ? [i] : [],
    );
  return places(others)[places(images).indexOf(image)] ?? -1;
}
