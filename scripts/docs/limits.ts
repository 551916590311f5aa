/** Generates the limits of docs/architecture.md from the constants that set them. */
import { readFileSync } from 'node:fs';
import { callerFromArn } from '../../lib/identity/caller-identity.ts';
import { lookupFor } from '../../lib/resolve/resolve.ts';

/** Read when the table is written: importing this file reads nothing. */
interface Figure {
  /** The file that sets it. */
  readonly file: string;
  readonly text: () => string;
}

type Unit = (value: number) => string;

const count: Unit = (value) => value.toLocaleString('en-US');
const unit =
  (name: string, size = 1): Unit =>
  (value) =>
    `${count(value / size)} ${name}`;
const bytes = unit('bytes');
const kibibytes = unit('KiB', 1024);
const megabytes = unit('MB', 1_000_000);
const seconds = unit('s', 1000);
const days = unit('days', 24 * 60 * 60 * 1000);
const lines = unit('lines');
const files = unit('files');
const timesNode = unit('times `node -e 0`');

/**
 * The number, or the product of numbers, that follows `before` in a file: `const name = 30 * 1000`.
 * @throws Error if the file has no such number, or several
 */
function textOf(file: string, before: string, format: Unit): string {
  const numbers = String.raw`\d[\d_.]*(?: \* \d[\d_.]*)*`;
  const found = [...readFileSync(file, 'utf8').matchAll(new RegExp(`${before}(${numbers})`, 'g'))];
  const [, product = ''] = found[0] ?? [];
  if (found.length !== 1) throw new Error(`${file} sets ${before} ${found.length} times instead of once.`);
  const factors = product.split(' * ').map((factor) => Number(factor.replaceAll('_', '')));
  return format(factors.reduce((all, factor) => all * factor));
}

const figure = (file: string, before: string, format: Unit): Figure => ({
  file,
  text: () => textOf(file, before, format),
});
const from = (file: string, name: string, format: Unit): Figure =>
  figure(file, String.raw`\bconst ${name} = `, format);
const field = (file: string, name: string, format: Unit): Figure =>
  figure(file, String.raw`\b${name}: `, format);

/** Keys that a review reads about a caller, with every key of a caller known. */
function keysOf(arn: string, sets: readonly string[]): number {
  const known = { principalId: 'AROAEXAMPLE0000000001', accessKeyId: 'ASIAEXAMPLE000000001' };
  const caller = callerFromArn(arn, known);
  if (caller === undefined) throw new Error(`${arn} is not the ARN of a caller.`);
  const { mappings, denials } = lookupFor(caller, { id: 'demo', sets });
  return mappings.length + denials.length;
}

function keysOfReview(): string {
  const sets = ['a', 'b', 'c', 'd', 'e'];
  const role = 'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/ann';
  return `${keysOf('arn:aws:iam::111122223333:root', [])} to ${keysOf(role, sets)}`;
}

const architecture = 'scripts/architecture.mjs';
const verify = 'lib/token/verify.ts';
const unansweringHosts = 'lib/token/unanswering-hosts.ts';
const clusterCache = 'lib/review/cluster-cache.ts';

const rows: readonly (readonly [what: string, ...figures: Figure[]])[] = [
  ['a token', from('lib/token/parse/token.ts', 'maximumTokenBytes', bytes)],
  [
    'the body of a TokenReview · in `serve` · of an admin call',
    from('lib/http/message.ts', 'maxBodyBytes', kibibytes),
    from('cli/serve/listener.ts', 'bodyBytes', kibibytes),
    from('lib/admin/limits.ts', 'adminBodyBytes', megabytes),
  ],
  ['a whole answer', from('lib/async/deadline.ts', 'answerMilliseconds', seconds)],
  [
    'STS: an attempt · attempts',
    from('lib/token/sts.ts', 'attemptMilliseconds', seconds),
    from('lib/token/sts.ts', 'attempts', count),
  ],
  [
    'a cached identity · a cached refusal · what STS could not answer · entries of each · of whoami',
    from(verify, 'identityMilliseconds', seconds),
    from(verify, 'refusalMilliseconds', seconds),
    from(verify, 'unavailableMilliseconds', seconds),
    from(verify, 'defaultEntries', count),
    from('lib/review/adapters.ts', 'whoamiEntries', count),
  ],
  [
    'a host of another region that does not answer: failures until it is held back · at most · between trials',
    from(unansweringHosts, 'tolerated', count),
    from(unansweringHosts, 'heldMilliseconds', seconds),
    from(unansweringHosts, 'trialMilliseconds', seconds),
  ],
  [
    '`serve`: reviews of a cluster that ask STS or the table, a second · connections',
    from('cli/commands/serve/spec.ts', 'clusterRate', count),
    from('cli/commands/serve/spec.ts', 'maxConnections', count),
  ],
  [
    'a cached cluster · the time until a wrong webhook token reads it again · an unknown cluster',
    from(clusterCache, 'knownLifetime', seconds),
    from(clusterCache, 'freshAge', seconds),
    from(clusterCache, 'unknownLifetime', seconds),
  ],
  ['keys of a review', { file: 'lib/resolve/resolve.ts', text: keysOfReview }],
  [
    'sets of a cluster · groups of a mapping',
    figure('lib/records/cluster.ts', String.raw`setOf\('sets', [^,]+, `, count),
    figure('lib/records/input/fields.ts', String.raw`const groups = setOf\('groups', .+, `, count),
  ],
  ['writes of one `apply` call', from('lib/admin/limits.ts', 'writesPerCall', count)],
  [
    'entries of each list of a desired state · `managed.scopes` · problems that an answer lists',
    from('lib/admin/limits.ts', 'stateEntries', count),
    from('lib/admin/limits.ts', 'managedScopes', count),
    from('lib/json/more-problems.ts', 'listedProblems', count),
  ],
  ['webhook tokens of a cluster', from('lib/admin/limits.ts', 'webhookTokensPerCluster', count)],
  ['grants that a lease announces at once', from('lib/sync/write.ts', 'batchSize', count)],
  [
    'a tombstone · the record of a sync run',
    from('lib/store/layout/items.ts', 'tombstoneMilliseconds', days),
    from('lib/store/dynamodb/sync-state.ts', 'keepRunsFor', days),
  ],
  [
    'token-review bundle, minified, without the EC2 chunk',
    from('test/handlers/bundle.test.ts', 'limitBytes', kibibytes),
  ],
  ['cold start of token-review to its first answer', field('bench/bench.ts', 'coldReview', timesNode)],
  [
    '`countersign token` with static credentials',
    figure('bench/bench.ts', String.raw`const limits = .*\btoken: `, timesNode),
  ],
  [
    'a file · a function · a folder',
    field(architecture, 'linesInFile', lines),
    field(architecture, 'linesInFunction', lines),
    field(architecture, 'filesInFolder', files),
  ],
];

const row = ([what, ...figures]: readonly [string, ...Figure[]]): string => {
  const values = figures.map(({ text }) => text()).join(' · ');
  const setIn = [...new Set(figures.map(({ file }) => `\`${file}\``))].join(' · ');
  return `| ${what} | ${values} | ${setIn} |`;
};

/** The table, without a line feed at its end. Reads the sources from the working directory. */
export const limitsTable = (): string =>
  ['| what | figure | set in |', '|---|---|---|', ...rows.map(row)].join('\n');
