/** Which names a mapping may assign: not those that Kubernetes reserves, nor those that no log or audit should hold. */
import { broken } from '../errors.ts';
import { literalPrefix, parseTemplate, placeholdersOf, renderTemplate } from './template.ts';
import type { Checked, Placeholder, Template, Values } from './template.ts';

export type NameUse = 'username' | 'group';

/** Characters of a template as written. */
export const templateLimit = 256;
/** Characters of a name as rendered: a template of names that AWS allows stays under it. */
export const nameLimit = 512;

const systemPrefix = 'system:';
/** The one username of Kubernetes' own that a mapping may assign: a kubelet's, of an instance that EC2 confirms. */
const nodeUsername = 'system:node:{{EC2PrivateDNSName}}';

/** Chosen by the caller, so they must not be the beginning of a name. */
const callerChosen: ReadonlySet<Placeholder> = new Set(['SessionName', 'SessionNameRaw']);

const isNodeTemplate = (template: Template): boolean =>
  template.length === 2 &&
  literalPrefix(template) === 'system:node:' &&
  placeholdersOf(template)[0] === 'EC2PrivateDNSName';

const reservedGroups =
  'is reserved: Kubernetes assigns system:authenticated, system:unauthenticated and system:serviceaccounts* itself';

/** Kubernetes assigns these groups itself, by how a caller authenticated. */
const isReservedGroup = (name: string): boolean =>
  name === 'system:authenticated' ||
  name === 'system:unauthenticated' ||
  name.startsWith('system:serviceaccounts');

/** The rule that a name breaks, for any mapping. */
function nameProblem(name: string, use: NameUse): string | undefined {
  if (name.trim() === '') return 'is empty';
  if (name.length > nameLimit) return `has over ${nameLimit} characters`;
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(name)) return 'holds a control or invisible character';
  if (use === 'group' && isReservedGroup(name)) return reservedGroups;
  return undefined;
}

/** Renders a name and checks it; `rule` completes "its username …" or "its group … …". */
export function renderName(template: Template, use: NameUse, values: Values): Checked<string> {
  const rendered = renderTemplate(template, values);
  if (!rendered.ok) return rendered;
  const problem = nameProblem(rendered.value, use) ?? systemProblem(template, rendered.value, use);
  return problem === undefined ? rendered : broken(problem);
}

function systemProblem(template: Template, name: string, use: NameUse): string | undefined {
  if (!name.startsWith(systemPrefix)) return undefined;
  if (use === 'username') {
    return isNodeTemplate(template) ? undefined : `begins with ${systemPrefix}, which is Kubernetes' own`;
  }
  return literalPrefix(template).startsWith(systemPrefix)
    ? undefined
    : `begins with ${systemPrefix} though its template does not`;
}

/** What is wrong with a template at write time; each sentence part completes "<field> …". */
export function templateProblems(text: string, use: NameUse): readonly string[] {
  const parsed = parseTemplate(text);
  if (!parsed.ok) return [parsed.failure.rule];
  const template = parsed.value;
  const problems = [literalProblem(template, text, use), sessionProblem(template)];
  return problems.filter((problem) => problem !== undefined);
}

function literalProblem(template: Template, text: string, use: NameUse): string | undefined {
  const prefix = literalPrefix(template);
  if (use === 'username' && prefix.startsWith(systemPrefix) && !isNodeTemplate(template)) {
    return `begins with ${systemPrefix}, which is Kubernetes' own; only ${nodeUsername} may`;
  }
  const reserved = placeholdersOf(template).length > 0 && prefix.startsWith('system:serviceaccounts');
  return reserved ? reservedGroups : nameProblem(text, use);
}

function sessionProblem(template: Template): string | undefined {
  const chosen = placeholdersOf(template).find((name) => callerChosen.has(name));
  if (chosen === undefined) return undefined;
  const prefix = literalPrefix(template);
  // After a bare "system:" the caller could choose system:masters.
  return prefix === '' || prefix === systemPrefix
    ? `uses {{${chosen}}}, which the caller chooses, without text of its own before it: begin it with a prefix such as sso:`
    : undefined;
}
