#!/usr/bin/env node
// The command, whatever Node ≥ 20 calls it: the launcher finds the Node that runs it. No TypeScript here.
process.argv.splice(2, 0, 'packages/cli/src/main.ts');
await import('../../../scripts/launch.mjs');
