// Which room may look into which. The picture is in docs/architecture.md.
const room = (name) => `^packages/gateway/src/${name}/`;
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'catalog-stands-alone',
      severity: 'error',
      from: { path: '^packages/catalog/' },
      to: { path: '^packages/(?!catalog/)|^node:|^(fs|path|net|http)$' },
    },
    {
      name: 'preview-knows-only-the-catalog',
      severity: 'error',
      from: { path: '^packages/preview/' },
      to: { path: '^packages/(?!preview/|catalog/)' },
    },
    {
      name: 'standin-knows-nothing-of-ours',
      severity: 'error',
      from: { path: '^packages/standin/' },
      to: { path: '^packages/(?!standin/)' },
    },
    {
      name: 'the-server-needs-no-standin',
      severity: 'error',
      from: { path: '^packages/(gateway/src|preview|catalog|client)/' },
      to: { path: '^packages/standin/|@reelay/standin' },
    },
    {
      name: 'client-stands-alone-and-runs-in-browsers',
      severity: 'error',
      from: { path: '^packages/client/src/' },
      to: { path: '^packages/(?!client/|catalog/)|^node:|^(fs|path|net|http|crypto|stream)$|node_modules' },
    },
    {
      name: 'cli-has-no-way-round-the-public-api',
      severity: 'error',
      from: { path: '^packages/cli/src/' },
      to: { path: '^packages/(?!cli/|client/|standin/)' },
    },
    {
      name: 'the-server-needs-no-client',
      severity: 'error',
      from: { path: '^packages/(gateway|preview|catalog|standin)/' },
      to: { path: '^packages/(client|cli)/|@reelay/(client|cli)' },
    },
    {
      name: 'media-libraries-stay-in-the-renderer',
      severity: 'error',
      from: { path: '^packages/gateway/' },
      to: { path: 'node_modules/(node-av|@napi-rs/canvas|sharp)' },
    },
    {
      name: 'contract-imports-nothing-of-ours',
      severity: 'error',
      from: { path: room('contract') },
      to: { path: '^packages/gateway/src/(?!contract/)' },
    },
    {
      name: 'lib-knows-no-domain',
      severity: 'error',
      from: { path: room('lib') },
      to: { path: '^packages/gateway/src/(?!lib/|contract/|config\\.ts)' },
    },
    {
      name: 'store-below-all',
      severity: 'error',
      from: { path: room('store') },
      to: { path: '^packages/gateway/src/(?!store/|lib/|contract/)' },
    },
    {
      name: 'queue-below-all',
      severity: 'error',
      from: { path: room('queue') },
      to: { path: '^packages/gateway/src/(?!queue/|store/|lib/|contract/)' },
    },
    {
      name: 'providers-below-channels',
      severity: 'error',
      from: { path: room('providers') },
      to: { path: '^packages/gateway/src/(api|tasks|channels|accounts|queue|store)/' },
    },
    {
      name: 'providers-are-strangers',
      severity: 'error',
      from: { path: '^packages/gateway/src/providers/([^/]+)/.' },
      to: { path: '^packages/gateway/src/providers/[^/]+/', pathNot: '^packages/gateway/src/providers/($1|kit)/' },
    },
    {
      name: 'channels-below-tasks',
      severity: 'error',
      from: { path: room('channels') },
      to: { path: '^packages/gateway/src/(api|tasks|assets|accounts)/' },
    },
    {
      name: 'nothing-imports-api',
      severity: 'error',
      from: { path: '^packages/gateway/src/(?!api/|main\\.ts|server\\.ts)', pathNot: '\\.test\\.ts$' },
      to: { path: room('api') },
    },
    {
      name: 'assets-below-tasks',
      severity: 'error',
      from: { path: '^packages/gateway/src/(assets|accounts)/' },
      to: { path: '^packages/gateway/src/(api|tasks|library|channels|providers)/' },
    },
    {
      name: 'library-beside-tasks',
      severity: 'error',
      from: { path: room('library') },
      to: { path: '^packages/gateway/src/(api|tasks|channels|providers)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    exclude: { path: '(/testing/|/bench/|\\.test\\.ts$)' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
