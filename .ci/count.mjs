// Reads a vitest JSON report. Prints "passed failed" on standard output; on standard error, what failed and why.
// Usage: node .ci/count.mjs REPORT SUITE
import { readFileSync } from 'node:fs';

const [report, suite] = process.argv.slice(2);
const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
console.log(numPassedTests, numFailedTests);
const shorten = (text) => text.split('\n').slice(0, 25).join('\n    ').slice(0, 3_000);
for (const file of testResults) {
  const failed = file.assertionResults.filter((test) => test.status === 'failed');
  for (const test of failed) {
    console.error(`✗ ${suite}: ${file.name}\n  ${test.fullName} (${Math.round(test.duration ?? 0)} ms)`);
    for (const message of test.failureMessages) console.error(`    ${shorten(message)}`);
  }
  // A file that could not be loaded has no failed test.
  if (file.status === 'failed' && failed.length === 0) {
    console.error(`✗ ${suite}: ${file.name}\n    ${shorten(file.message ?? 'no message')}`);
  }
}
