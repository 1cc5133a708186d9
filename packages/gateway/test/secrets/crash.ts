/** Loaded before the server: lets it die of an error that nobody catches. */
process.on('SIGUSR2', () => {
  throw new Error('nobody catches this');
});
