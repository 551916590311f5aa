// @ts-check
/**
 * The architecture as data: layers, rooms, pure folders, and who may import which package. `npm run check:layers` enforces it,
 * `npm run graph` prints it, and the linter, the coverage thresholds and the mutation tests read the pure folders from here.
 *
 * A **room** is one of the folders named here, or a file at the root of lib/. Globs know `*` (no slash) and `**` (any depth).
 */

/**
 * From the top. A room imports rooms of lower layers; in its own layer only the rooms that are listed after it, and only if the
 * layer is `ordered`. Type-only and dynamic imports count.
 * @typedef {{ name: string, ordered: boolean, rooms: readonly string[] }} Layer
 * @type {readonly Layer[]}
 */
export const layers = [
  { name: 'entry points', ordered: true, rooms: ['scripts', 'bench', 'cli', 'dev', 'functions'] },
  {
    name: 'concerns',
    ordered: true,
    rooms: ['lib/migration', 'lib/admin', 'lib/http', 'lib/sync', 'lib/review'],
  },
  { name: 'decisions and storage', ordered: false, rooms: ['lib/resolve', 'lib/store'] },
  { name: 'records and protocols', ordered: false, rooms: ['lib/records', 'lib/token', 'lib/kubernetes'] },
  { name: 'identity and settings', ordered: true, rooms: ['lib/log', 'lib/config.ts', 'lib/identity'] },
  {
    name: 'ground',
    ordered: true,
    rooms: ['lib/net', 'lib/async', 'lib/json', 'lib/shell-word.ts', 'lib/version.ts', 'lib/errors.ts'],
  },
];

/**
 * Rooms that only some may import; tests import anything.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const importers = {
  scripts: [],
  bench: [],
  functions: [],
  cli: ['scripts'],
  dev: ['cli', 'bench'],
  'lib/migration': ['cli'],
  test: ['bench', 'scripts'],
};

/**
 * Imports that are forbidden although the layers would allow them.
 * @type {readonly { from: string, to: string, except?: { from: string, to: string }, why: string }[]}
 */
export const forbidden = [
  {
    from: 'dev/stand-ins/**',
    to: 'lib/token/**',
    why: 'the stand-ins for AWS share no code with the verifier that they test',
  },
  { from: 'test/reference/**', to: 'lib/**', why: 'the reference model shares no code with what it checks' },
  {
    from: 'cli/**',
    to: 'dev/**',
    except: { from: 'cli/commands/dev/**', to: 'dev/server/**' },
    why: 'of the command line, only the command `dev` starts the development server',
  },
];

/**
 * What an entry point must not reach by static imports, so that its weight is loaded only when it is needed. `to` is tested
 * against paths of files and names of packages.
 * @type {readonly { entry: string, to: RegExp, why: string }[]}
 */
export const lazy = [
  { entry: 'cli/main.ts', to: /^dev\//, why: 'only the command `dev` loads the development server' },
  {
    entry: 'cli/main.ts',
    to: /^@(?:aws-sdk|smithy)\//,
    why: 'a command that needs the AWS SDK loads it itself',
  },
  {
    entry: 'cli/main.ts',
    to: /^(?:string-width|valibot|yaml)$/,
    why: 'no command pays for the tables, schemas and files of the others',
  },
  {
    entry: 'cli/commands/token/token.ts',
    to: /^(?:(?:string-width|valibot|yaml)$|@(?:aws-sdk|smithy)\/)/,
    why: 'kubectl runs `token` for each command of a user',
  },
  {
    entry: 'functions/token-review.ts',
    to: /^@(?:aws-sdk|smithy)\/(?!util-dynamodb$)/,
    why: 'a review does not load the AWS SDK',
  },
  {
    entry: 'functions/whoami.ts',
    to: /^@(?:aws-sdk|smithy)\/(?!util-dynamodb$)/,
    why: 'a review does not load the AWS SDK',
  },
];

/**
 * Pure: no I/O, no SDK, no `process`, no clock, no randomness, and no import of what is not pure. Each branch of a pure file is
 * covered by tests, and mutation tests change it. `Buffer` is allowed: it converts bytes and does nothing else. Modules of
 * Node.js are not, `node:crypto` included: it hashes, but it also holds randomness, and an import rule cannot distinguish the two.
 */
export const pure = [
  'lib/errors.ts',
  'lib/identity/**/*.ts',
  'lib/json/**/*.ts',
  'lib/kubernetes/**/*.ts',
  'lib/records/**/*.ts',
  'lib/resolve/*.ts',
  'lib/sync/grants/**/*.ts',
  'lib/token/parse/**/*.ts',
];

/** Percent of the branches of pure files that tests must reach. */
export const branchesCovered = 100;

/**
 * Pure files that mutation tests skip, each with the reason.
 * @type {readonly { glob: string, why: string }[]}
 */
export const notMutated = [
  { glob: 'lib/errors.ts', why: 'sentences: the tests assert codes' },
  {
    glob: 'lib/records/{field-help,kind,kinds,sync-run}.ts',
    why: 'help texts, types, and schemas that only name fields',
  },
  {
    glob: 'lib/json/{canonical-json,compare-text,file-note,parse-input,read-yaml,value-path,write-yaml}.ts',
    why: 'not on the path of a review',
  },
  { glob: 'lib/token/parse/{sts-answer,unverified-request}.ts', why: 'a schema, and a type' },
];

/** What the linter and `npm run check:layers` refuse in pure files. `new Date()` and `Date()` without arguments are refused, too. */
export const impure = {
  /** The only packages that a pure file imports. */
  allowedPackages: ['valibot', 'yaml'],
  globals: [
    'process',
    'fetch',
    'performance',
    'crypto',
    'globalThis',
    'setTimeout',
    'setInterval',
    'setImmediate',
    'queueMicrotask',
  ],
  properties: [
    { object: 'Date', property: 'now' },
    { object: 'Math', property: 'random' },
  ],
};

/**
 * Packages, and the only places that import them. The first row that matches counts. Packages that are not listed may be imported
 * anywhere.
 * @type {readonly { packages: RegExp, only: readonly string[], why: string }[]}
 */
export const packages = [
  { packages: /^zod\b/, only: [], why: 'valibot is the one schema library' },
  {
    packages: /^(?:@aws-sdk\/|@smithy\/)/,
    only: [
      'lib/admin/adapters.ts',
      'lib/admin/start-sync.ts',
      'lib/resolve/ec2/**',
      'lib/store/dynamodb/**',
      'lib/store/layout/**',
      'lib/sync/iam.ts',
      'cli/aws/**',
      'dev/server/**',
      'bench/**',
      'test/**',
    ],
    why: 'the AWS SDK is imported only by adapters: a review does not load it',
  },
  {
    packages: /^aws4$/,
    only: ['lib/net/**', 'cli/admin-client/**', 'test/**'],
    why: 'requests are signed in one place',
  },
  {
    packages: /^@middy\//,
    only: ['lib/http/**', 'functions/**', 'test/**'],
    why: 'it is about Lambda handlers',
  },
  {
    packages: /^(?:commander|prom-client|selfsigned|string-width)$/,
    only: ['cli/**', 'test/**'],
    why: 'no function needs it',
  },
  {
    packages: /^dynalite$/,
    only: ['dev/server/**', 'test/**'],
    why: 'it is the embedded DynamoDB of `countersign dev`',
  },
];

/** A folder holds at most so many source files, a file so many lines, a function so many (without blank lines and comments). */
export const limits = { filesInFolder: 20, linesInFile: 300, linesInFunction: 40, linesInFactory: 60 };

/**
 * Files with a function of more than `linesInFunction` lines, and at most `linesInFactory`. Only ever shortened.
 * @type {readonly { file: string, why: string }[]}
 */
export const longFunctions = [
  {
    file: 'lib/store/dynamodb/{lease,records,webhook-tokens}.ts',
    why: 'factories of an adapter: the closures share its client',
  },
  { file: 'lib/store/review/dynamodb-http.ts', why: 'the same' },
  { file: 'lib/admin/api/routes/sync-runs.ts', why: 'a route with its schemas' },
];
