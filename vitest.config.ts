import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/{src,test}/**/*.test.ts', 'scripts/**/*.test.ts'],
    // Files that render or start servers load both cores; more workers would only wait for each other.
    maxWorkers: 2,
    // Bounds for what hangs, far above what anything takes on a machine that is busy with something else.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 180_000 } },
  },
});
