/** The tree of steps as lines to read. */

/** An explanation that was asked for from the view, or one of the first. */
export interface Step {
  /** Index of the step that it was made from; null for the first explanations. */
  readonly parent: number | null;
  /** What was changed; empty for the first explanations. */
  readonly change: string;
  readonly label: string;
  /** Its answer. */
  readonly text: string;
}

/** Steps each of which was made from the one before. */
export interface Branch {
  /** Number of branches that it lies within. */
  readonly depth: number;
  /** The step that it leaves from; null for none. */
  readonly from: number | null;
  readonly steps: readonly number[];
}

/** The branches in reading order: what leaves a branch follows it. */
export function branchesOf(steps: readonly Step[]): Branch[] {
  const childrenOf = (parent: number | null) =>
    steps.flatMap((step, i) => ((step.parent ?? null) === parent ? [i] : []));
  const branch = (first: number, from: number | null, depth: number): Branch[] => {
    const own = [first];
    const others: (readonly [number, number])[] = [];
    for (let at = first; ; ) {
      const [next, ...more] = childrenOf(at);
      others.push(...more.map((step) => [step, at] as const));
      if (next === undefined) break;
      own.push(next);
      at = next;
    }
    others.sort(([one], [two]) => one - two);
    const below = others.flatMap(([step, at]) => branch(step, at, depth + 1));
    return [{ depth, from, steps: own }, ...below];
  };
  return childrenOf(null).flatMap((root) => branch(root, null, 0));
}

/** How many explanations were there before any step. */
export function originals(steps: readonly Step[]): number {
  return steps.filter(({ change }) => change === "").length;
}
