import { describe, expect, it } from "vitest";
import { settings as contract } from "../../../tam_widgets/contract.json";
import type { ExplorerSettings } from "../../src/state/store";
import { defaultsOf } from "../../src/state/traits";
import { codeOf } from "../../src/tools/code";
import { fixture } from "../fixture";

interface Case {
  /** Which explanation each panel shows. */
  readonly panels: readonly number[];
  readonly settings: Partial<ExplorerSettings>;
  readonly code: string;
}

describe("the code of a view", () => {
  it.each(fixture<Case[]>("code"))("is what Python writes: $code", ({ panels, settings, code }) => {
    const all = { ...defaultsOf(contract), ...settings } as unknown as ExplorerSettings;
    expect(codeOf(all, panels)).toBe(code);
  });
});
