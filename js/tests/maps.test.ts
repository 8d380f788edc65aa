import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Maps } from "../src/state/maps";
import { farthest, METHODS, panels } from "./fixture";

const settings = {
  method: "tam",
  eci: 1,
  kernel_size: 3,
  border: "reflect" as const,
  aggregate: "max" as const,
};
const record = panels()[2];

describe("maps of several tokens", () => {
  const maps = new Maps([record], METHODS);

  it("are joined as asked, and made once", () => {
    const largest = maps.joint(0, [3, 4], settings);
    const [a, b] = [3, 4].map((token) => maps.of(0, token, settings).map);
    const expected = Array.from(a, (value, v) => Math.max(value, b[v]));
    expect(farthest(largest as Float32Array, expected)).toBe(0);
    expect(maps.joint(0, [3, 4], settings)).toBe(largest);
    expect(maps.joint(0, [3, 4], { ...settings, aggregate: "mean" })).not.toBe(largest);
    expect(maps.joint(0, [3, 4], { ...settings, eci: 0 })).not.toEqual(largest);
    expect(maps.joint(0, [3, 4], { ...settings, border: "repeat" })).not.toEqual(largest);
  });

  it("are the token's own for one, nothing for none", () => {
    expect(maps.joint(0, [3], settings)).toBe(maps.of(0, 3, settings).map);
    expect(maps.joint(0, [], settings)).toBeNull();
  });
});

it("keeps an alternative apart from the contrast with it", () => {
  const maps = new Maps([record], METHODS);
  const other = maps.counterfactual(0, 0, false, settings);
  const contrast = maps.counterfactual(0, 0, true, settings);
  expect(Math.min(...other)).toBeGreaterThanOrEqual(0);
  expect(Math.min(...contrast)).toBeLessThan(0);
  expect(maps.counterfactual(0, 0, false, settings)).toBe(other);
  expect(maps.counterfactual(0, 0, false, { ...settings, eci: 0 })).not.toEqual(other);
});

it("keeps the maps of a panel while another is shown by another method", () => {
  const maps = new Maps([record, record], METHODS);
  const other = { ...settings, method: "cam" };
  const [first, second] = [maps.of(0, 3, settings), maps.of(1, 3, other)];
  expect(second.map).not.toEqual(first.map);
  expect(maps.of(0, 3, settings)).toBe(first);
  expect(maps.of(1, 3, other)).toBe(second);
  maps.of(1, 3, settings);
  expect(maps.of(0, 3, settings)).toBe(first);
  expect(maps.ready(1, other)[3]).toBeUndefined();
});

describe("preparing", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const missing = (maps: Maps, of = settings) => maps.ready(0, of).filter((map) => !map).length;

  it("makes all maps in time, and those of new settings again", () => {
    const maps = new Maps([record], METHODS);
    const progress = vi.fn();
    const controller = new AbortController();
    maps.prepare(() => settings, progress, controller.signal);
    expect(missing(maps)).toBe(record.tokens.length);
    vi.runAllTimers();
    expect(missing(maps)).toBe(0);
    expect(progress).toHaveBeenCalled();
    const other = { ...settings, method: "cam" };
    expect(missing(maps, other)).toBe(record.tokens.length);
    controller.abort();
    vi.runAllTimers();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("makes those of each panel under its own settings, and again only where they change", () => {
    const maps = new Maps([record, record], METHODS);
    const own = [settings, { ...settings, method: "cam" }];
    maps.prepare(
      (panel) => own[panel],
      () => {},
      new AbortController().signal,
    );
    vi.runAllTimers();
    const before = own.map((one, panel) => maps.ready(panel, one));
    expect(before.flat()).not.toContain(undefined);
    own[1] = { ...settings, method: "tam-no-rgf" };
    expect(maps.ready(1, own[1])).not.toContain(before[1][0]);
    vi.runAllTimers();
    expect(maps.ready(1, own[1])).not.toContain(undefined);
    expect(maps.ready(0, own[0])).toEqual(before[0]);
  });
});
