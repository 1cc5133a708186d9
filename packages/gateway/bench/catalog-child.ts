// Loads the catalog in a process that has loaded nothing else, and prints what that took.
const ROUNDS = 50;

const residentBytes = (): number => {
  globalThis.gc?.();
  return process.memoryUsage.rss();
};
const [bytesBefore, startedAtMs] = [residentBytes(), performance.now()];
const { catalog, quote, validate } = await import('@reelay/catalog');
const loadedAtMs = performance.now();
const megabytes = (residentBytes() - bytesBefore) / 1_000_000;

const rows = catalog.list();
const microseconds = (work: (row: (typeof rows)[number]) => unknown): number => {
  const fromMs = performance.now();
  for (let round = 0; round < ROUNDS; round += 1) for (const row of rows) work(row);
  return ((performance.now() - fromMs) * 1_000) / (ROUNDS * rows.length);
};
console.log(
  JSON.stringify({
    endpoints: rows.length,
    msToLoad: loadedAtMs - startedAtMs,
    megabytes,
    usToValidate: microseconds((row) => validate(row, row.example)),
    usToPrice: microseconds((row) => quote(row, row.example)),
  }),
);
