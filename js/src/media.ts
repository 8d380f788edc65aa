/** Groups a panel's images into pictures and videos: consecutive frames form one video. */
import { decimal } from "./dom";
import type { StoredImage } from "./wire";

export interface Medium {
  /** Index of the image, or of the first frame. */
  readonly first: number;
  readonly count: number;
  readonly isVideo: boolean;
  /** Number of frames of other videos before it. */
  readonly start: number;
  /** "image 2" or "video 1"; empty if the prompt has only one. */
  readonly name: string;
}

/** The media of a prompt in order; pictures and videos are numbered separately. */
export function mediaOf(images: readonly StoredImage[]): Medium[] {
  const firsts = images.flatMap(({ video }, i) =>
    video == null || images[i - 1]?.video !== video ? [i] : [],
  );
  let [pictures, videos, start] = [0, 0, 0];
  return firsts.map((first, i) => {
    const count = (firsts[i + 1] ?? images.length) - first;
    const isVideo = images[first].video != null;
    const number = isVideo ? ++videos : ++pictures;
    const name = firsts.length > 1 ? `${isVideo ? "video" : "image"} ${number}` : "";
    const medium = { first, count, isVideo, start, name };
    if (isVideo) start += count;
    return medium;
  });
}

/** Number of video frames in a panel. */
export function frameCount(media: readonly Medium[]): number {
  return media.reduce((sum, { isVideo, count }) => sum + (isVideo ? count : 0), 0);
}

/** Names an image, to be appended to a position: " at 2.0 s of video 1". */
export function whichImage(images: readonly StoredImage[], image: number): string {
  const medium = mediaOf(images).findLast(({ first }) => first <= image);
  const { time } = images[image];
  const when = medium?.isVideo && time != null ? ` at ${decimal(time, 1)} s` : "";
  return medium?.name ? `${when} of ${medium.name}` : when;
}
