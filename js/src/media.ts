/** Pictures and films among a panel's images: a film is the consecutive frames of one video. */
import { decimal } from "./dom";
import type { StoredImage } from "./wire";

export interface Medium {
  /** Index of its image, or of its first frame. */
  readonly first: number;
  readonly count: number;
  readonly film: boolean;
  /** How many frames of other films come before it. */
  readonly start: number;
  /** "image 2", "video 1"; empty where there is nothing to tell it from. */
  readonly name: string;
}

/** The media of a prompt, in its order; pictures and films are numbered apart. */
export function mediaOf(images: readonly StoredImage[]): Medium[] {
  const firsts = images.flatMap(({ video }, i) =>
    video === null || images[i - 1]?.video !== video ? [i] : [],
  );
  let [pictures, films, start] = [0, 0, 0];
  return firsts.map((first, i) => {
    const count = (firsts[i + 1] ?? images.length) - first;
    const film = images[first].video !== null;
    const number = film ? ++films : ++pictures;
    const name = firsts.length > 1 ? `${film ? "video" : "image"} ${number}` : "";
    const medium = { first, count, film, start, name };
    if (film) start += count;
    return medium;
  });
}

/** How many frames of video a panel has. */
export function frameCount(media: readonly Medium[]): number {
  return media.reduce((sum, { film, count }) => sum + (film ? count : 0), 0);
}

/** Which image it is, in words to follow a place: " at 2.0 s of video 1". */
export function whichImage(images: readonly StoredImage[], image: number): string {
  const medium = mediaOf(images).findLast(({ first }) => first <= image);
  const { time } = images[image];
  const when = medium?.film && time !== null ? ` at ${decimal(time, 1)} s` : "";
  return medium?.name ? `${when} of ${medium.name}` : when;
}
