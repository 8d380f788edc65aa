import { describe, expect, it } from "vitest";
import { commonSignatures, sharesOf } from "../../src/gallery/signature-shares";
import { DATA } from "./made";

describe("shares of signatures", () => {
  it("are those of the samples that were measured", () => {
    expect(sharesOf(DATA, 0).get("text-driven")).toBe(0.5);
    expect([...commonSignatures(DATA, 0)]).toEqual([]);
  });

  it("are those of all samples where a file has only some", () => {
    const shares = { "text-driven": 0.6, "object missed": 0.1 };
    const part = { ...DATA, runs: DATA.runs.map((run) => ({ ...run, shares })) };
    expect([...sharesOf(part, 0)]).toEqual(Object.entries(shares));
    expect(commonSignatures(part, 0).get("text-driven")).toBe("text-driven in 60 % of cases");
  });
});
