// Imports point one way (docs/design.md 8):
// runtime <- protocol <- storage, config <- coordination <- actors/* <- observe, verify, simulation <- index <- main
const only = (name, from, ...allowed) => ({
  name, severity: 'error', comment: `${from} may import only ${allowed.join(', ')}`,
  from: { path: from },
  to: { path: '^src/', pathNot: [from, '^src/errors\\.ts$', ...allowed] }
})
const runtime = '^src/actors/runtime/'
const protocol = '^src/protocol/'
const storage = '^src/storage/'
const config = '^src/config/'
const coordination = '^src/coordination/'
module.exports = {
  forbidden: [
    only('runtime-is-lowest', runtime),
    only('protocol', protocol, runtime),
    only('storage', storage, runtime, protocol),
    only('config', config, runtime, protocol),
    only('coordination', coordination, runtime, protocol, storage, config),
    { name: 'actors-below-observe', severity: 'error', from: { path: '^src/actors/' }, to: { path: '^src/(observe|verify|simulation|index\\.ts|main\\.ts)' } },
    only('simulation', '^src/simulation/', runtime, protocol, storage, config, coordination, '^src/actors/', '^src/verify/random\\.ts$'),
    { name: 'network-knows-no-apis', severity: 'error', from: { path: '^src/actors/network/' }, to: { path: '^src/actors/(apis|replicas|controller|handlers|broker)/' } },
    { name: 'apis-know-no-network', severity: 'error', from: { path: '^src/actors/apis/' }, to: { path: '^src/actors/network/', pathNot: ['^src/actors/network/request\\.ts$'] } },
    { name: 'machines-are-pure', severity: 'error', from: { path: '\\.machine\\.ts$' },
      to: { pathNot: ['^node_modules/xstate', '^src/actors/runtime/effect\\.ts$', '^src/errors\\.ts$', '^src/actors/broker/boot-order\\.ts$'], dependencyTypesNot: ['type-only'] } },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } }
  ],
  options: { tsConfig: { fileName: 'tsconfig.json' }, tsPreCompilationDeps: true, doNotFollow: { path: 'node_modules' }, exclude: { path: '^(dist|test|bench)/' } }
}
