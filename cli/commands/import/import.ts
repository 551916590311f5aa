import { importAuthenticator } from '../../../lib/migration/import-authenticator.ts';
import { importAwsAuth } from '../../../lib/migration/import-aws-auth.ts';
import type { Imported, ImportResult } from '../../../lib/migration/import-entries.ts';
import { noteText } from '../../../lib/json/file-note.ts';
import { clusterScope, isScope } from '../../../lib/records/scope.ts';
import type { Scope } from '../../../lib/records/scope.ts';
import { exitCodes, wrongUsage } from '../../exit.ts';
import { readText, shownName } from '../../files.ts';
import { printValue } from '../../terminal/output.ts';
import type { Context, Run } from '../../spec.ts';

/** The scope of the options; `undefined` if there is none. */
function givenScope({ input }: Pick<Context, 'input'>): Scope | undefined {
  const clusterId = input.text('clusterId');
  const scope = clusterId === undefined ? input.text('scope') : clusterScope(clusterId);
  if (scope === undefined) return undefined;
  if (isScope(scope)) return scope;
  throw wrongUsage('--scope must be cluster/<id>, set/<name> or all; -i accepts the id of a cluster.');
}

const needsScope = (): Error =>
  wrongUsage('The scope of the mappings is missing: give -i <cluster>, or --scope.');

function readAuthenticator(text: string, given: Scope | undefined): readonly [Scope, ImportResult] {
  if (given !== undefined) return [given, importAuthenticator(text, given)];
  // The file names its own cluster.
  const first = importAuthenticator(text, 'all');
  if (!first.ok) return ['all', first];
  const scope = first.value.clusterId === undefined ? undefined : clusterScope(first.value.clusterId);
  if (scope === undefined || !isScope(scope)) throw needsScope();
  return [scope, importAuthenticator(text, scope)];
}

function readAwsAuth(text: string, given: Scope | undefined): readonly [Scope, ImportResult] {
  if (given === undefined) throw needsScope();
  return [given, importAwsAuth(text, given)];
}

function report(file: string, { notices, notCarried, state }: Imported, { terminal }: Context): void {
  for (const note of notices) terminal.say(`Note: ${noteText(file, note)}`);
  for (const note of notCarried) {
    terminal.say(`${terminal.style('yellow', 'Not imported:', 'talk')} ${noteText(file, note)}`);
  }
  terminal.say(
    `${state.mappings.length} mappings, ${notCarried.length} not imported. Next: countersign plan -f <file>.`,
  );
}

export const run: Run = async (context) => {
  const { input } = context;
  const file = input.argument(0) ?? '-';
  const name = shownName(file);
  const text = await readText(file);
  const read = input.text('from') === 'aws-auth' ? readAwsAuth : readAuthenticator;
  const [scope, result] = read(text, givenScope(context));
  if (!result.ok) {
    throw wrongUsage(result.failure.map((note) => noteText(name, note)).join(' '));
  }
  report(name, result.value, context);
  // Without `managed`, apply would delete the mappings of every other scope.
  const state = { managed: { scopes: [scope] }, ...result.value.state };
  await printValue(context, input.text('output') ?? 'yaml', state);
  return exitCodes.done;
};
