/**
 * Floors and doors: which file may import which. The plan itself is `.ci/floors.json`, one entry per room; the map in
 * `docs/architecture.md` is drawn from the same file.
 */
const { rooms: plan } = require('./.ci/floors.json')

const rooms = Object.keys(plan)
const error = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to })

/** The files of a room, without the rooms that are nested in it. */
const inside = (room) => {
  const nested = rooms.filter((other) => other.startsWith(`${room}/`)).map((other) => other.slice(room.length + 1))
  return `^modules/${room}/` + (nested.length === 0 ? '' : `(?!(?:${nested.join('|')})/)`)
}
const doors = (room) => `^modules/${room}/(?:index|internal)[.]ts$`
const publicDoors = rooms.filter((room) => plan[room].public).map((room) => `^modules/${room}/index[.]ts$`)
const npm = ['npm', 'npm-dev', 'npm-peer', 'npm-optional', 'npm-bundled', 'npm-no-pkg', 'npm-unknown', 'unknown']

const floor = (room) => {
  const { imports } = plan[room]
  const may = imports.length === 0 ? 'nothing of the house' : `${imports.join(', ')}, through their doors`
  return error(
    `floor:${room}`,
    `${room} may import ${may}.`,
    { path: inside(room) },
    { path: '^modules/', pathNot: [inside(room), ...imports.map(doors)] },
  )
}

const packages = (room) => {
  const { packages } = plan[room]
  const pathNot = packages.map((name) => `(?:^|node_modules/)${name}(?:/|$)`)
  const comment = `${room} may import ${packages.length === 0 ? 'no package' : `these packages only: ${packages.join(', ')}`}.`
  return error(
    `packages:${room}`,
    comment,
    { path: inside(room) },
    { dependencyTypes: npm, ...(pathNot.length > 0 && { pathNot }) },
  )
}

module.exports = {
  forbidden: [
    error('no-cycles', 'Nothing imports itself by a detour, types included.', {}, { circular: true }),
    error('unresolved', 'What is imported exists.', {}, { couldNotResolve: true }),
    ...rooms.map(floor),
    ...rooms.map(packages),
    error(
      'room-not-on-the-plan',
      'A new room is entered in .ci/floors.json first.',
      { path: '^modules/[^/]+/', pathNot: rooms.map(inside) },
      {},
    ),
    error(
      'front-door',
      'modules/index.ts opens the public doors of the core rooms and nothing else.',
      { path: '^modules/index[.]ts$' },
      { path: '^modules/', pathNot: publicDoors },
    ),
    error(
      'through-the-front-door',
      'Inside the house name the room.',
      { path: '^modules/' },
      { path: '^modules/index[.]ts$' },
    ),
    error(
      'own-door',
      'A file does not leave its own room to come back by the door.',
      { path: '^modules/(.+)/[^/]+[.]ts$', pathNot: '/(?:index|internal)[.]ts$' },
      { path: '^modules/$1/(?:index|internal)[.]ts$' },
    ),
    error(
      'machine',
      'Only rooms that touch the machine import Node.',
      { path: '^modules/', pathNot: rooms.filter((room) => plan[room].touchesMachine).map(inside) },
      { dependencyTypes: ['core'] },
    ),
    error('orphan', 'Every file is used by another or is a door.', { orphan: true, path: '^modules/' }, {}),
    error(
      'not-for-sources',
      'The library knows nothing of its tests.',
      { path: '^modules/' },
      { path: '^(?:test|properties|bench|examples|[.]ci)/' },
    ),
    error(
      'public-doors-only',
      'Examples import what users can import.',
      { path: '^examples/' },
      { path: '^modules/', pathNot: ['^modules/index[.]ts$', ...publicDoors] },
    ),
    error(
      'test-to-test',
      'A test stands alone; what two tests share is a file of its own.',
      { path: '[.](?:test|test-d|prop)[.]ts$' },
      { path: '[.](?:test|test-d|prop)[.]ts$' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // The arms of the benchmark import peers that are installed when it first runs, and what is built.
    exclude: { path: '^(?:dist|docs|doctest-out|coverage|[.]cache|bench/arms)/|^bench/[^/]+[.]js$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts'],
      exportsFields: ['exports'],
      conditionNames: ['troupe-source', 'import', 'types', 'node', 'default'],
    },
  },
}
