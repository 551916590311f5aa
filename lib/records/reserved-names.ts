/** Which names a mapping may assign: not those that Kubernetes reserves, nor those that no log or audit should hold. */
import { broken } from '../errors.ts';
import { misleadingIn, unprintableIn } from './names/characters.ts';
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

/** Chosen by the caller, in characters without `:` and `/`. */
export const sessionPlaceholders: ReadonlySet<Placeholder> = new Set(['SessionName', 'SessionNameRaw']);

/** Chosen by a person: the caller, or who may create users and roles. */
export const chosenPlaceholders: ReadonlySet<Placeholder> = new Set([
  ...sessionPlaceholders,
  'UserName',
  'RoleName',
]);

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
  const unprintable = unprintableIn(name);
  if (unprintable !== undefined) return unprintable;
  return use === 'group' && isReservedGroup(name) ? reservedGroups : undefined;
}

/** Renders a name and checks it; `rule` completes "its username …" or "its group … …". */
export function renderName(template: Template, use: NameUse, values: Values): Checked<string> {
  const rendered = renderTemplate(template, values);
  if (!rendered.ok) return rendered;
  const problem =
    nameProblem(rendered.value, use) ??
    systemProblem(template, rendered.value, use) ??
    valueProblem(template, values);
  return problem === undefined ? rendered : broken(problem);
}

/** Of the values only: literal text that was stored before the rule still renders. */
const valueProblem = (template: Template, values: Values): string | undefined =>
  placeholdersOf(template)
    .map((name) => misleadingIn(String(values[name])))
    .find((problem) => problem !== undefined);

function systemProblem(template: Template, name: string, use: NameUse): string | undefined {
  if (!name.startsWith(systemPrefix)) return undefined;
  if (use === 'username') {
    return isNodeTemplate(template) ? undefined : `begins with ${systemPrefix}, which is Kubernetes' own`;
  }
  if (!literalPrefix(template).startsWith(systemPrefix)) {
    return `begins with ${systemPrefix} though its template does not`;
  }
  // Of records that were stored before the rule, too: `asters` must not become `system:masters`.
  return chosenSystemProblem(template, sessionPlaceholders);
}

/** What is wrong with a template at write time; each sentence part completes "<field> …". */
export function templateProblems(text: string, use: NameUse): readonly string[] {
  const parsed = parseTemplate(text);
  if (!parsed.ok) return [parsed.failure.rule];
  const template = parsed.value;
  const problem = literalProblem(template, text, use) ?? misleadingIn(text);
  if (!literalPrefix(template).startsWith(systemPrefix)) {
    return [problem, sessionProblem(template)].filter((found) => found !== undefined);
  }
  return [problem ?? chosenSystemProblem(template)].filter((found) => found !== undefined);
}

function literalProblem(template: Template, text: string, use: NameUse): string | undefined {
  const prefix = literalPrefix(template);
  if (use === 'username' && prefix.startsWith(systemPrefix) && !isNodeTemplate(template)) {
    return `begins with ${systemPrefix}, which is Kubernetes' own; only ${nodeUsername} may`;
  }
  const reserved = placeholdersOf(template).length > 0 && prefix.startsWith('system:serviceaccounts');
  return reserved ? reservedGroups : nameProblem(text, use);
}

/** `system:m{{SessionName}}` and the session `asters` would be `system:masters`. */
function chosenSystemProblem(template: Template, by = chosenPlaceholders): string | undefined {
  const chosen = placeholdersOf(template).find((name) => by.has(name));
  return chosen === undefined
    ? undefined
    : `uses {{${chosen}}}, which a person chooses, and begins with ${systemPrefix}, as names of Kubernetes do: write such a name out`;
}

/** What the caller chooses holds neither `:` nor `/`, so it cannot become another name if one of them stands before it. */
function sessionProblem(template: Template): string | undefined {
  const chosen = placeholdersOf(template).find((name) => sessionPlaceholders.has(name));
  return chosen === undefined || isSeparated(template, sessionPlaceholders)
    ? undefined
    : `uses {{${chosen}}}, which the caller chooses: begin it with text of its own that ends in : or / right before {{${chosen}}}, such as dev:`;
}

/** Whether the template begins with literal text, and `:` or `/` stands right before the first of these placeholders. */
export function isSeparated(template: Template, chosen: ReadonlySet<Placeholder>): boolean {
  const first = template.findIndex((segment) => segment.kind === 'placeholder' && chosen.has(segment.name));
  const before = template[first - 1];
  return before?.kind === 'literal' && /[:/]$/.test(before.text) && literalPrefix(template) !== '';
}
