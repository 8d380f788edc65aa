import { settings as defaults } from "../../../tam_widgets/contract.json";
import type { Method } from "../methods";
import type { ExplorerSettings } from "../state/store";

/** A check of a word’s map, as `tam_widgets/views/questions/check_json.py` writes it. */

export type Side = "deletion" | "insertion";

/** One value a step; null where it is not known yet. */
export type Line = readonly (number | null)[];

/** The lowest, the highest and the mean of the random orders, step by step. */
export type Band = Readonly<Record<"mean" | "low" | "high", Line>>;

export interface Areas {
  readonly method: number | null;
  readonly centre?: number | null;
  readonly mask?: number | null;
  /** Mean of the random orders, and its interval. */
  readonly random: readonly [mean: number | null, low: number | null, high: number | null];
}

export interface Checked {
  /** Pieces of one word or span; its probability is the product of theirs. */
  readonly tokens: readonly number[];
  readonly label: string;
  readonly method: string;
  readonly protocol: string;
  readonly fill: string;
  readonly units: "cells" | "squares" | "pixels";
  /** Squares along each side of a picture. */
  readonly squares: number;
  /** Whether areas are shares of what the picture adds, instead of probabilities. */
  readonly relative: boolean;
  /** Probability with the picture, and without. */
  readonly full: number;
  readonly blank: number;
  readonly shares: readonly number[];
  readonly curves: Readonly<
    Partial<Record<"method" | "centre" | "mask", Readonly<Record<Side, Line>>>>
  >;
  readonly random: Readonly<Partial<Record<Side, Band>>> & { readonly count: number };
  /** Settings of the view in which it was asked for; others were at their defaults. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** At which step each unit is removed, uint16 in base64. */
  readonly steps: string;
  /** Missing until all is read. */
  readonly areas?: Readonly<Record<Side, Areas>>;
  /** What the model writes, of a protocol that lets it. */
  readonly answers?: {
    readonly whole: string;
    readonly removed: string;
    /** How many of the other areas change the answer. */
    readonly others: readonly [changed: number, count: number];
  };
}

/** What is known of a panel’s checks, the newest first. */
export interface KnownChecks {
  readonly entries: readonly Checked[];
  readonly left_out: number;
}

/** Checks of exactly these tokens, then those of some of them. */
export function checksOf(entries: readonly Checked[], tokens: readonly number[]): Checked[] {
  const exact = ({ tokens: own }: Checked) => String(own) === String(tokens);
  const within = (entry: Checked) =>
    !exact(entry) && entry.tokens.every((token) => tokens.includes(token));
  return [...entries.filter(exact), ...entries.filter(within)];
}

/** Whether a check is of the map that a view shows: the same again would read the same figures. */
export function isOf(
  { tokens, label, protocol, fill, settings: own = {} }: Checked,
  asked: readonly number[],
  method: Method,
  settings: ExplorerSettings,
): boolean {
  const options = [
    ...method.options,
    ...(method.inBrowser ? ["layer"] : []),
    ...(asked.length > 1 ? ["aggregate"] : []),
  ] as readonly (keyof ExplorerSettings & keyof typeof defaults)[];
  return (
    String(tokens) === String(asked) &&
    protocol === "cells" &&
    fill === "mean" &&
    (label === method.label || label.startsWith(`${method.label}, `)) &&
    options.every((name) => (own[name] ?? defaults[name]?.default) === settings[name])
  );
}

/** Whether more of a map’s curve was read than its ends. */
export function isBegun({ curves, shares }: Checked): boolean {
  const line = curves.method?.deletion ?? [];
  return line.slice(1, shares.length - 1).some((value) => value !== null);
}

/** Number of the last step at which the picture can be shown. */
export function lastStep({ shares, answers }: Checked): number {
  return answers ? 1 : shares.length - 1;
}

/** At which step each unit is removed; empty if that is not known. */
export function removedAt({ steps }: Checked): Uint16Array<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(steps), (letter) => letter.charCodeAt(0));
  return new Uint16Array(bytes.buffer);
}
