/** Pure functions are tested in Node, what draws or listens in a Chromium. */
import { existsSync, readFileSync } from "node:fs";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

const IN_BROWSER = "tests/**/*.browser.test.ts";

/** The browser that scripts/setup_browser.py found, or else Playwright's own. */
const KNOWN = new URL("../.venv/browser-path", import.meta.url);
const executablePath =
  process.env.CHROMIUM ?? (existsSync(KNOWN) ? readFileSync(KNOWN, "utf8").trim() : undefined);

/** As in scripts/setup_browser.py. */
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig({
  server: { fs: { allow: [".."] } },
  // found only while tests run, it would make the page load anew
  optimizeDeps: { include: ["axe-core"] },
  test: {
    // a layout that changes with its own width makes the browser say so, and is no error
    onConsoleLog: (text) => !text.includes("ResizeObserver loop"),
    coverage: { include: ["src/**/*.ts"], reporter: ["text"] },
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          environment: "node",
          isolate: false,
          include: ["tests/**/*.test.ts"],
          exclude: [IN_BROWSER],
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: [IN_BROWSER],
          isolate: false,
          // a machine may be busy: what works takes milliseconds
          testTimeout: 30_000,
          expect: { poll: { timeout: 10_000 } },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            viewport: { width: 1280, height: 900 },
            provider: playwright({
              launchOptions: { ...(executablePath && { executablePath }), args: ARGS },
            }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
    ],
  },
});
